import type { Message, Receipt, UserId } from "@hubbub/contract";
import type { ConversationState, MemberMarks } from "./conversation-state.ts";
import { calls, nobody } from "./mentions.ts";

/** Where a count stands for itself and more: "99+" [L23]. */
const mostCounted = 100;

interface Unread {
  readonly unread: number;
  readonly unreadMentions: number;
}

/** Whether a message of the others counts: what the system says and replies in threads do not [L23]. */
export const isUnreadOf = ({ senderId, kind, threadRootId }: Message, ownId: UserId): boolean =>
  senderId !== ownId && kind !== "system" && threadRootId === undefined;

/**
 * The messages after one's read mark that count as unread, as far as the changes applied tell, and those that call one
 * [L23].
 * @returns undefined where not all of them are held
 */
function countUnread(state: ConversationState, ownId: UserId, blocks: ReadonlySet<UserId>): Unread | undefined {
  const { conversation, messages, history } = state;
  const { seq: head, pts, me } = conversation;
  const after = me.readSeq;
  if (after >= head) return { unread: 0, unreadMentions: 0 };
  const first = messages[0]?.seq;
  const isHeld = history === "complete" || (first !== undefined && first <= Math.max(after, me.visibleFromSeq - 1) + 1);
  if (!isHeld) return undefined;
  let [unread, unreadMentions] = [0, 0];
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    if (message === undefined || message.seq <= after) break;
    // a page of history may be ahead of the changes: they will tell of it
    if (message.seq > head) continue;
    const isDeleted = message.deletedAt !== undefined && message.pts <= pts;
    if (isUnreadOf(message, ownId) && !isDeleted) unread++;
    if (calls(message, ownId, blocks)) unreadMentions++;
  }
  return { unread: Math.min(mostCounted, unread), unreadMentions: Math.min(mostCounted, unreadMentions) };
}

/** Counts anew, or tells that only the server can. */
export function recount(state: ConversationState, ownId: UserId, blocks: ReadonlySet<UserId>): ConversationState {
  const counted = countUnread(state, ownId, blocks);
  return counted === undefined
    ? { ...state, isUnreadKnown: false }
    : { ...withCounts(state, counted), isUnreadKnown: true };
}

/** The same of one of the counts, where the other one was told by itself. */
function recountOnly(
  count: keyof Unread,
  state: ConversationState,
  ownId: UserId,
  blocks: ReadonlySet<UserId>,
): ConversationState {
  const counted = countUnread(state, ownId, blocks);
  return counted === undefined ? { ...state, isUnreadKnown: false } : withCounts(state, { [count]: counted[count] });
}

function withCounts(state: ConversationState, counts: Partial<Unread>): ConversationState {
  const { conversation } = state;
  return { ...state, conversation: { ...conversation, me: { ...conversation.me, ...counts } } };
}

/** Raises one's own marks, which never sink, whatever is told late [L22]. */
export function raiseOwnMarks(
  state: ConversationState,
  marks: Pick<MemberMarks, "readSeq" | "deliveredSeq">,
  ownId: UserId,
  blocks: ReadonlySet<UserId> = nobody,
): ConversationState {
  const { conversation } = state;
  const { me } = conversation;
  const readSeq = Math.max(me.readSeq, marks.readSeq);
  const deliveredSeq = Math.max(me.deliveredSeq, marks.deliveredSeq, readSeq);
  const next = raiseMember(state, { userId: ownId, readSeq, deliveredSeq });
  if (readSeq === me.readSeq && deliveredSeq === me.deliveredSeq) return next;
  const raised = { ...next, conversation: { ...conversation, me: { ...me, readSeq, deliveredSeq } } };
  return readSeq === me.readSeq ? raised : recount(raised, ownId, blocks);
}

/** One of the others' messages that was just added counts, unless it was read before it came [L23]. */
export function countReceived(
  state: ConversationState,
  message: Message,
  ownId: UserId,
  blocks: ReadonlySet<UserId>,
): ConversationState {
  const { me } = state.conversation;
  if (message.seq <= me.readSeq) return state;
  // held as it is now, which may be later than what is told of it
  const held = state.messages.findLast(({ seq }) => seq === message.seq) ?? message;
  const unread = Math.min(mostCounted, me.unread + Number(isUnreadOf(message, ownId)));
  const unreadMentions = Math.min(mostCounted, me.unreadMentions + Number(calls(held, ownId, blocks)));
  return withCounts(state, { unread, unreadMentions });
}

/**
 * Counts whom a changed message calls; called once the change has been applied [L23].
 * @param before as it was held, if it was
 * @param after as it is now
 */
export function recountMentions(
  state: ConversationState,
  before: Message | undefined,
  after: Message,
  ownId: UserId,
  blocks: ReadonlySet<UserId>,
): ConversationState {
  const { me } = state.conversation;
  if (after.seq <= me.readSeq) return state;
  const isCalled = calls(after, ownId, blocks);
  // what was held as it is now, from a page ahead of the changes, may have been counted or not
  const wasCalled = before === undefined || before.pts >= after.pts ? undefined : calls(before, ownId, blocks);
  if (wasCalled === isCalled) return state;
  if (wasCalled === undefined && !isCalled && me.unreadMentions === 0) return state;
  if (wasCalled === undefined || me.unreadMentions >= mostCounted)
    return recountOnly("unreadMentions", state, ownId, blocks);
  return withCounts(state, { unreadMentions: me.unreadMentions + (isCalled ? 1 : -1) });
}

/** One of the others' messages is deleted and counts no more; called once that has been applied [L23]. */
export function uncountDeleted(
  state: ConversationState,
  seq: number,
  ownId: UserId,
  blocks: ReadonlySet<UserId>,
): ConversationState {
  const { me } = state.conversation;
  if (seq <= me.readSeq || me.unread === 0) return state;
  // behind "99+" there may be any number
  if (me.unread >= mostCounted) return recountOnly("unread", state, ownId, blocks);
  return withCounts(state, { unread: me.unread - 1 });
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
  blocks: ReadonlySet<UserId> = nobody,
): ConversationState {
  return receipts.reduce(
    (next, receipt) =>
      receipt.userId === ownId ? raiseOwnMarks(next, receipt, ownId, blocks) : raiseMember(next, receipt),
    state,
  );
}
