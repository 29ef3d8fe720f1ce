import {
  type ConversationId,
  type HubOutput,
  type Message,
  type MessageId,
  type OperationRequest,
  operations,
  type UserId,
} from "@hubbub/contract";
import { HubbubError } from "../hubbub-error.ts";
import type { Room } from "./simulated-room.ts";

interface ChangingServer {
  readonly rooms: ReadonlyMap<ConversationId, Room>;
  /** Refuses everything for good. */
  refuses: boolean;
  edit(id: ConversationId, seq: number, text: string): void;
  delete(id: ConversationId, seq: number): void;
  react(id: ConversationId, seq: number, userId: UserId, emoji: string): void;
}

/** What the person's own calls do to messages: once, however often they are repeated. */
export function ownChanges(server: ChangingServer, ownId: () => UserId) {
  const change = (messageId: MessageId, act: (message: Message) => void): HubOutput<"editMessage"> => {
    const find = (): Message | undefined =>
      [...server.rooms.values()].flatMap(({ messages }) => messages).find(({ id }) => id === messageId);
    const before = find();
    if (before === undefined || server.refuses)
      throw new HubbubError({ code: "NOT_FOUND", detail: "Nothing here.", retryable: false });
    act(before);
    return { messageId, seq: before.seq, pts: find()?.pts ?? before.pts };
  };
  const setReaction = (input: OperationRequest<"react">, isWanted: boolean): HubOutput<"react"> => {
    const { messageId, emoji } = operations.react.input.parse(input);
    return change(messageId, ({ conversationId, seq, reactions = [] }) => {
      const userIds = reactions.find((reaction) => reaction.emoji === emoji)?.userIds ?? [];
      if (userIds.includes(ownId()) !== isWanted) server.react(conversationId, seq, ownId(), emoji);
    });
  };
  return {
    editMessage: (input: OperationRequest<"editMessage">): HubOutput<"editMessage"> => {
      const { messageId, text } = operations.editMessage.input.parse(input);
      return change(messageId, ({ conversationId, seq, text: before = "" }) => {
        if (text !== before) server.edit(conversationId, seq, text);
      });
    },
    deleteMessage: (input: OperationRequest<"deleteMessage">): HubOutput<"deleteMessage"> =>
      change(operations.deleteMessage.input.parse(input).messageId, ({ conversationId, seq }) =>
        server.delete(conversationId, seq),
      ),
    react: (input: OperationRequest<"react">): HubOutput<"react"> => setReaction(input, true),
    unreact: (input: OperationRequest<"unreact">): HubOutput<"unreact"> => setReaction(input, false),
  };
}
