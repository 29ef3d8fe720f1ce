import type { ConversationState } from "@hubbub/client";
import type { UserId } from "@hubbub/contract";

/** How far a message of one's own got. In a group everyone has to have it, or to have read it. */
export interface Delivery {
  readonly status: "sending" | "sent" | "delivered" | "read";
  /** Of the other members; undefined where that is not told. */
  readonly readBy: { readonly count: number; readonly of: number } | undefined;
}

/** Of the message in a row, by the members' marks [L22]. */
export function deliveryOf(state: ConversationState, index: number, ownId: UserId): Delivery {
  const { messages, pending, receipts, conversation } = state;
  const message = messages[index];
  if (message === undefined) {
    const isSent = pending[index - messages.length]?.status === "sent";
    return { status: isSent ? "sent" : "sending", readBy: undefined };
  }
  const others = conversation.memberCount - 1;
  // of who is not in it nothing is known yet
  if (receipts === undefined || others < 1 || receipts.size <= others) return { status: "sent", readBy: undefined };
  let [delivered, read] = [0, 0];
  for (const [userId, marks] of receipts) {
    if (userId === ownId) continue;
    if (marks.deliveredSeq >= message.seq) delivered++;
    if (marks.readSeq >= message.seq) read++;
  }
  const readBy = { count: read, of: others };
  if (read >= others) return { status: "read", readBy };
  return { status: delivered >= others ? "delivered" : "sent", readBy };
}

/** In words. */
export function describeDelivery({ status, readBy }: Delivery): string {
  if (readBy !== undefined && readBy.of > 1) {
    if (status === "read") return "Read by everyone";
    if (readBy.count > 0) return `Read by ${readBy.count} of ${readBy.of}`;
  }
  return { sending: "Sending", sent: "Sent", delivered: "Delivered", read: "Read" }[status];
}
