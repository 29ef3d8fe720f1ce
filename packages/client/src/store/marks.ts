import type { Receipt, UserId } from "@hubbub/contract";
import type { ConversationState, MemberMarks } from "./conversation-state.ts";

/** Where a count stands for itself and more: "99+" [L23]. */
const mostCounted = 100;

/**
 * The messages after a seq that count as unread, as far as the changes applied tell [L23].
 * @returns undefined where not all of them are held
 */
function countUnread(state: ConversationState, after: number, ownId: UserId): number | undefined {
  const { conversation, messages, history } = state;
  const { seq: head, pts, me } = conversation;
  if (after >= head) return 0;
  const first = messages[0]?.seq;
  const isHeld = history === "complete" || (first !== undefined && first <= Math.max(after, me.visibleFromSeq - 1) + 1);
  if (!isHeld) return undefined;
  let count = 0;
  for (let index = messages.length - 1; index >= 0 && count < mostCounted; index--) {
    const message = messages[index];
    if (message === undefined || message.seq <= after) break;
    // a page of history may be ahead of the changes: they will tell of it
    const isDeleted = message.deletedAt !== undefined && message.pts <= pts;
    if (message.seq <= head && message.senderId !== ownId && message.kind !== "system" && !isDeleted) count++;
  }
  return count;
}

/** Counts anew, or tells that only the server can. */
function recount(state: ConversationState, ownId: UserId): ConversationState {
  const { conversation } = state;
  const { me } = conversation;
  const unread = countUnread(state, me.readSeq, ownId);
  if (unread === undefined) return { ...state, isUnreadKnown: false };
  return { ...state, isUnreadKnown: true, conversation: { ...conversation, me: { ...me, unread } } };
}

/** Raises one's own marks, which never sink, whatever is told late [L22]. */
export function raiseOwnMarks(
  state: ConversationState,
  marks: Pick<MemberMarks, "readSeq" | "deliveredSeq">,
  ownId: UserId,
): ConversationState {
  const { conversation } = state;
  const { me } = conversation;
  const readSeq = Math.max(me.readSeq, marks.readSeq);
  const deliveredSeq = Math.max(me.deliveredSeq, marks.deliveredSeq, readSeq);
  const next = raiseMember(state, { userId: ownId, readSeq, deliveredSeq });
  if (readSeq === me.readSeq && deliveredSeq === me.deliveredSeq) return next;
  const raised = { ...next, conversation: { ...conversation, me: { ...me, readSeq, deliveredSeq } } };
  return readSeq === me.readSeq ? raised : recount(raised, ownId);
}

/** One of the others' messages that was just added counts, unless it was read before it came [L23]. */
export function countReceived(state: ConversationState, seq: number): ConversationState {
  const { conversation } = state;
  const { me } = conversation;
  if (seq <= me.readSeq) return state;
  const unread = Math.min(mostCounted, me.unread + 1);
  return { ...state, conversation: { ...conversation, me: { ...me, unread } } };
}

/** One of the others' messages is deleted and counts no more; called once that has been applied [L23]. */
export function uncountDeleted(state: ConversationState, seq: number, ownId: UserId): ConversationState {
  const { conversation } = state;
  const { me } = conversation;
  if (seq <= me.readSeq || me.unread === 0) return state;
  // behind "99+" there may be any number
  if (me.unread >= mostCounted) return recount(state, ownId);
  return { ...state, conversation: { ...conversation, me: { ...me, unread: me.unread - 1 } } };
}

/** Raises what is known of one member's marks, where they are wanted at all. */
export function raiseMember(state: ConversationState, { userId, readSeq, deliveredSeq }: Receipt): ConversationState {
  if (state.receipts === undefined) return state;
  const before = state.receipts.get(userId);
  const marks = {
    readSeq: Math.max(before?.readSeq ?? 0, readSeq),
    deliveredSeq: Math.max(before?.deliveredSeq ?? 0, deliveredSeq, readSeq),
  };
  if (before !== undefined && before.readSeq === marks.readSeq && before.deliveredSeq === marks.deliveredSeq)
    return state;
  return { ...state, receipts: new Map(state.receipts).set(userId, marks) };
}

/** Takes in what the server tells of members' marks, one's own among them. */
export function raiseReceipts(
  state: ConversationState,
  receipts: readonly Receipt[],
  ownId: UserId,
): ConversationState {
  return receipts.reduce(
    (next, receipt) => (receipt.userId === ownId ? raiseOwnMarks(next, receipt, ownId) : raiseMember(next, receipt)),
    state,
  );
}
