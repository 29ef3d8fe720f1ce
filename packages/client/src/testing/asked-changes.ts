import type { Change, ConversationId, MessageId, UserId } from "@hubbub/contract";
import type { Room } from "./simulated-room.ts";

type Rooms = ReadonlyMap<ConversationId, Room>;

/** One change to the log that the person asked for. */
export interface Asked {
  readonly event: Change["event"];
  readonly id?: MessageId;
  readonly text?: string;
}

/** What the log tells of what the first window asked for. */
export function done(rooms: Rooms, id: ConversationId, ownId: UserId): readonly Asked[] {
  return (rooms.get(id)?.changes ?? []).flatMap((change): Asked[] => {
    const { event } = change;
    switch (event) {
      case "ReceiveMessage":
        return change.payload.text?.startsWith("own") ? [{ event, text: change.payload.text }] : [];
      case "MessageEdited":
        return change.payload.senderId === ownId
          ? [{ event, id: change.payload.id, text: change.payload.text ?? "" }]
          : [];
      case "MessageDeleted":
        return change.payload.senderId === ownId ? [{ event, id: change.payload.id }] : [];
      case "ReactionAdded":
      case "ReactionRemoved":
        return change.payload.emoji === "🔥" ? [{ event, id: change.payload.messageId }] : [];
      default:
        return [];
    }
  });
}

/** Without what had happened already where a window that began anew showed the state from before. */
export function effective(asked: readonly Asked[]): readonly Asked[] {
  const last = new Map<MessageId, Asked["event"]>();
  const lastReaction = new Map<MessageId, Asked["event"]>();
  return asked.filter(({ event, id }) => {
    if (id === undefined) return true;
    const isReaction = event === "ReactionAdded" || event === "ReactionRemoved";
    if (last.get(id) === "MessageDeleted" || (isReaction && lastReaction.get(id) === event)) return false;
    last.set(id, event);
    if (isReaction) lastReaction.set(id, event);
    return true;
  });
}

/** What was written first, of texts that begin so. */
export function received(rooms: Rooms, id: ConversationId, beginning: string): readonly string[] {
  return (rooms.get(id)?.changes ?? []).flatMap((change) =>
    change.event === "ReceiveMessage" && change.payload.text?.startsWith(beginning) ? [change.payload.text] : [],
  );
}
