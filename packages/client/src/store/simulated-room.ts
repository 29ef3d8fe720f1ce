import type { Change, Conversation, Message, Receipt, UserId } from "@hubbub/contract";

export interface Room {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
  readonly changes: readonly Change[];
  /** By the version at which each rose last. */
  readonly receipts: ReadonlyMap<UserId, Receipt & { readonly version: number }>;
  readonly receiptsVersion: number;
  /** Rises with every message of any conversation: the list's order. */
  readonly activity: number;
}

/** The log never copies a message: it is read as it is now, and reactions go with it [L2] [L11]. */
export function asItIsNow({ messages }: Room, change: Change): Change {
  switch (change.event) {
    case "ReceiveMessage":
    case "MessageEdited":
    case "MessageDeleted":
    case "MessagePinned":
    case "MessageUnpinned":
      return { ...change, payload: messages[change.payload.seq - 1] ?? change.payload };
    case "ReactionAdded":
    case "ReactionRemoved": {
      const isDeleted = messages[change.payload.seq - 1]?.deletedAt !== undefined;
      return isDeleted ? { pts: change.pts, event: "Hidden" } : change;
    }
    default:
      return change;
  }
}
