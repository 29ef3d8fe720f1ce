import type { ConversationEvents, ConversationId, ConversationType, UserId } from "@hubbub/contract";
import type { Transactor } from "../../ports/database.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { type AppendedChange, appendChanges, type NewChange, systemMessage } from "./change-log.ts";

interface Told {
  readonly id: ConversationId;
  readonly type: ConversationType;
}

/** What the history of a group begins with; channels and direct conversations begin with what people say [C9]. */
export function tellCreation(
  tx: Transactor,
  outbox: Outbox,
  { id, type }: Told,
  actorId: UserId,
): Promise<AppendedChange[]> {
  return appendChanges(tx, outbox, id, actorId, type === "group" ? [systemMessage({ type: "created" })] : []);
}

/** Appends changes of a conversation, and after each what the system says of it in its history, if anything [C9]. */
export function tellChanges(
  tx: Transactor,
  outbox: Outbox,
  { id, type }: Told,
  actorId: UserId,
  changes: readonly NewChange[],
): Promise<AppendedChange[]> {
  return appendChanges(
    tx,
    outbox,
    id,
    actorId,
    changes.flatMap((change) => [change, ...saidOf(type, change)]),
  );
}

function saidOf(type: ConversationType, change: NewChange): NewChange[] {
  switch (change.event) {
    case "MemberAdded": {
      const { userId, by } = change.payload;
      if (type === "channel") return []; // a million come and go
      return [systemMessage(userId === by ? { type: "memberJoined" } : { type: "memberAdded", userId })];
    }
    case "MemberRemoved": {
      const { userId, by } = change.payload;
      if (type === "channel") return [];
      return [systemMessage(userId === by ? { type: "memberLeft" } : { type: "memberRemoved", userId })];
    }
    case "MemberRoleChanged": {
      const { userId, from, to } = change.payload;
      return [systemMessage({ type: "roleChanged", userId, from, to })];
    }
    case "ConversationUpdated":
      return saidOfSettings(change.payload);
    case "ConversationDeleted":
    case "HistoryTrimmed":
    case "ReceiveMessage":
      return [];
  }
}

function saidOfSettings({
  title,
  topic,
  avatarMediaId,
  ...rules
}: Omit<ConversationEvents["ConversationUpdated"], "conversationId" | "pts">): NewChange[] {
  return [
    ...(title === undefined ? [] : [systemMessage({ type: "renamed", title })]),
    ...(topic === undefined ? [] : [systemMessage({ type: "topicChanged", topic })]),
    ...(avatarMediaId === undefined ? [] : [systemMessage({ type: "avatarChanged" })]),
    ...(Object.keys(rules).length === 0 ? [] : [systemMessage({ type: "settingsChanged" })]),
  ];
}
