import type { ChatEvents, Conversation, Message, ReactionChanged, UserId } from "@hubbub/contract";
import {
  addMessages,
  type ConversationState,
  type KnownChange,
  type KnownMember,
  type PushedChange,
} from "./conversation-state.ts";
import { countReceived, isUnreadOf, raiseMember, raiseOwnMarks, recountMentions, uncountDeleted } from "./marks.ts";
import { nobody } from "./mentions.ts";
import { hearOwnReaction } from "./own-reactions.ts";
import { stillPending } from "./pending-change.ts";
import { withPin } from "./pins.ts";
import { withReply } from "./threads.ts";
import { trimHistory } from "./trim-history.ts";

/** Early changes kept; those beyond it come by sync. */
const mostEarly = 500;

/**
 * Applies one change in its turn: what is there already is dropped, what comes early waits for those before it [L19].
 * @param ownId whose state this is
 * @param blocks whom they blocked
 */
export function applyChange(
  state: ConversationState,
  change: PushedChange,
  ownId: UserId,
  blocks: ReadonlySet<UserId> = nobody,
): ConversationState {
  const { pts } = state.conversation;
  // nobody can build on what is not understood: the conversation is read afresh
  if (change.pts <= pts || change.event === "Unknown") return state;
  if (change.pts > pts + 1) return { ...state, early: keepEarly(state.early, change) };
  let next = applyNext(state, change, ownId, blocks);
  while (next.early[0] !== undefined && next.early[0].pts <= next.conversation.pts + 1) {
    const [turn, ...early] = next.early;
    next = { ...next, early };
    if (turn.pts > next.conversation.pts) next = applyNext(next, turn, ownId, blocks);
  }
  return next;
}

function keepEarly(early: readonly KnownChange[], change: KnownChange): readonly KnownChange[] {
  if (early.length >= mostEarly || early.some(({ pts }) => pts === change.pts)) return early;
  return [...early, change].sort((a, b) => a.pts - b.pts);
}

function applyNext(
  state: ConversationState,
  change: KnownChange,
  ownId: UserId,
  blocks: ReadonlySet<UserId>,
): ConversationState {
  const next = {
    ...state,
    conversation: { ...state.conversation, pts: change.pts },
    changing: stillPending(state.changing, change.pts),
  };
  switch (change.event) {
    case "ReceiveMessage":
      return applyMessage(next, change, ownId, blocks);
    case "MessageEdited":
      return replaceMessage(next, change, ownId, blocks);
    case "MessagePinned":
    case "MessageUnpinned":
      return withPin(replaceMessage(next, change, ownId, blocks), change.payload);
    case "MessageDeleted": {
      const deleted = withPin(replaceMessage(next, change, ownId, blocks), change.payload);
      return uncount(deleted, change.payload, ownId, blocks);
    }
    case "ReactionAdded":
    case "ReactionRemoved": {
      const changed = changeMessage(next, change.pts, isAt(change.payload.seq), (message) =>
        withReaction(message, change.payload),
      );
      const isOwn = change.payload.userId === ownId;
      return isOwn ? hearOwnReaction(changed, change.event === "ReactionAdded", change.payload) : changed;
    }
    case "MemberAdded": {
      const { userId, role } = change.payload;
      return withMembers(next, +1, (members) => members.set(userId, { userId, role }));
    }
    case "MemberRemoved": {
      const { userId } = change.payload;
      return withMembers(next, -1, (members) => members.delete(userId));
    }
    case "MemberRoleChanged":
      return withRole(next, change.payload, ownId);
    case "ConversationUpdated":
      return { ...next, conversation: withSettings(next.conversation, change.payload) };
    case "HistoryTrimmed":
      return trimHistory(next, change.payload.beforeSeq, ownId, blocks);
    case "ConversationDeleted": // whoever holds it lets it go
    case "Hidden":
      return next;
    default:
      return change satisfies never;
  }
}

function applyMessage(
  state: ConversationState,
  { pts, payload: message }: { readonly pts: number; readonly payload: Message },
  ownId: UserId,
  blocks: ReadonlySet<UserId>,
): ConversationState {
  const { seq, senderId, threadRootId } = message;
  const conversation = { ...state.conversation, seq };
  // the list tells of the main history alone [L15]
  const next =
    threadRootId === undefined
      ? addMessages({ ...state, conversation: { ...conversation, lastMessage: message } }, [message])
      : changeMessage(
          addMessages({ ...state, conversation }, [message]),
          pts,
          ({ id }) => id === threadRootId,
          (root) => withReply(root, pts, message),
        );
  // what the system says moves no mark and counts for nobody [L22] [L23]
  if (message.kind === "system") return next;
  // sending moves one's own marks [L22]
  const marks = { readSeq: seq, deliveredSeq: seq };
  return senderId === ownId
    ? raiseOwnMarks(next, marks, ownId, blocks)
    : countReceived(raiseMember(next, { userId: senderId, ...marks }), message, ownId, blocks);
}

function uncount(
  state: ConversationState,
  message: Message,
  ownId: UserId,
  blocks: ReadonlySet<UserId>,
): ConversationState {
  return isUnreadOf(message, ownId) ? uncountDeleted(state, message.seq, ownId, blocks) : state;
}

const isAt =
  (wanted: number) =>
  ({ seq }: Message): boolean =>
    seq === wanted;

function replaceMessage(
  state: ConversationState,
  { pts, payload }: { readonly pts: number; readonly payload: Message },
  ownId: UserId,
  blocks: ReadonlySet<UserId>,
): ConversationState {
  const isIt = isAt(payload.seq);
  const before = heldMessage(state, isIt);
  const next = changeMessage(state, pts, isIt, () => payload);
  return recountMentions(next, before, heldMessage(next, isIt) ?? payload, ownId, blocks);
}

function heldMessage(
  { messages, window }: ConversationState,
  isIt: (message: Message) => boolean,
): Message | undefined {
  return messages.findLast(isIt) ?? window?.messages.findLast(isIt);
}

/** Changes a message wherever it is held; a state that is later already stays [L11]. */
function changeMessage(
  state: ConversationState,
  pts: number,
  isIt: (message: Message) => boolean,
  change: (message: Message) => Message,
): ConversationState {
  const { conversation, window } = state;
  const { lastMessage } = conversation;
  const changed = (message: Message): Message => (message.pts < pts ? change(message) : message);
  const within = (run: readonly Message[]): readonly Message[] | undefined => {
    const index = run.findLastIndex(isIt);
    const held = run[index];
    return held && run.with(index, changed(held));
  };
  const messages = within(state.messages);
  const inWindow = messages === undefined && window !== undefined ? within(window.messages) : undefined;
  return {
    ...state,
    ...(messages !== undefined && { messages }),
    ...(inWindow !== undefined && window !== undefined && { window: { ...window, messages: inWindow } }),
    ...(messages === undefined && { messagesPts: pts }),
    aside: changeAside(state.aside, isIt, changed),
    ...(lastMessage !== undefined &&
      isIt(lastMessage) && { conversation: { ...conversation, lastMessage: changed(lastMessage) } }),
  };
}

function changeAside(
  aside: ConversationState["aside"],
  isIt: (message: Message) => boolean,
  changed: (message: Message) => Message,
): ConversationState["aside"] {
  const held = [...aside.values()].find(isIt);
  return held === undefined ? aside : new Map(aside).set(held.id, changed(held));
}

function withReaction(message: Message, { emoji, count, userIds, pts }: ReactionChanged): Message {
  const { reactions: before = [], ...others } = message;
  const now = { emoji, count, userIds };
  const isKnown = before.some((reaction) => reaction.emoji === emoji);
  const all = isKnown ? before.map((reaction) => (reaction.emoji === emoji ? now : reaction)) : [...before, now];
  const reactions = all.filter((reaction) => reaction.count > 0);
  return { ...others, pts, ...(reactions.length > 0 && { reactions }) };
}

/** `null` takes a field away. */
function withSettings(conversation: Conversation, changed: ChatEvents["ConversationUpdated"]): Conversation {
  const { topic, avatarMediaId, retentionDays, ...others } = conversation;
  const { title, visibility, posting, historyVisibility } = changed;
  const newTopic = changed.topic === undefined ? topic : changed.topic;
  const newAvatar = changed.avatarMediaId === undefined ? avatarMediaId : changed.avatarMediaId;
  const newDays = changed.retentionDays === undefined ? retentionDays : changed.retentionDays;
  return {
    ...others,
    ...(newTopic != null && { topic: newTopic }),
    ...(newAvatar != null && { avatarMediaId: newAvatar }),
    ...(newDays != null && { retentionDays: newDays }),
    ...(title !== undefined && { title }),
    ...(visibility !== undefined && { visibility }),
    ...(posting !== undefined && { posting }),
    ...(historyVisibility !== undefined && { historyVisibility }),
  };
}

function withRole(
  state: ConversationState,
  { userId, to: role, pts }: ChatEvents["MemberRoleChanged"],
  ownId: UserId,
): ConversationState {
  const { conversation, members } = state;
  const { me } = conversation;
  return {
    ...state,
    membersPts: pts,
    ...(userId === ownId && { conversation: { ...conversation, me: { ...me, role } } }),
    ...(members?.has(userId) && { members: new Map(members).set(userId, { userId, role }) }),
  };
}

function withMembers(
  state: ConversationState,
  more: number,
  change: (members: Map<UserId, KnownMember>) => void,
): ConversationState {
  const { conversation } = state;
  const counted = {
    ...state,
    conversation: { ...conversation, memberCount: conversation.memberCount + more },
    membersPts: conversation.pts,
    // of who comes and of who came back, marks are read afresh
    receipts: undefined,
    receiptsVersion: undefined,
  };
  if (state.members === undefined) return counted;
  const members = new Map(state.members);
  change(members);
  return { ...counted, members };
}
