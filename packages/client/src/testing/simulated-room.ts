import type { Change, Conversation, Message, Receipt, Thread, UserId } from "@hubbub/contract";

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

/** What a root tells once there is one reply more [L15]. */
export function threadAfter({ thread }: Message, { seq, senderId, createdAt }: Message): Thread {
  const participantIds = [...new Set([...(thread?.participantIds ?? []), senderId])].slice(0, 5);
  return { replyCount: (thread?.replyCount ?? 0) + 1, lastReplySeq: seq, lastReplyAt: createdAt, participantIds };
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

/** What counts as unread after a mark [L23]. */
export function unreadOf(messages: readonly Message[], readSeq: number, ownId: UserId) {
  const after = messages.filter(
    ({ seq, senderId, deletedAt }) => seq > readSeq && senderId !== ownId && deletedAt === undefined,
  );
  const calling = after.filter(({ mentions = [] }) => mentions.includes(ownId) || mentions.includes("everyone"));
  return {
    unread: Math.min(100, after.filter(({ threadRootId }) => threadRootId === undefined).length),
    unreadMentions: Math.min(100, calling.length),
  };
}
