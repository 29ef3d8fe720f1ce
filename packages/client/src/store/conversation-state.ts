import type {
  Attachment,
  Change,
  ClientMessageId,
  Conversation,
  ConversationSettings,
  Member,
  Mention,
  Message,
  MessageId,
  Receipt,
  ReplyTo,
  UserId,
} from "@hubbub/contract";

import type { PendingChange } from "./pending-change.ts";

type WithoutLogFields<Logged> = Logged extends unknown ? Omit<Logged, "actorId" | "createdAt"> : never;
/** A change as it is pushed; one read from the log has more fields and fits too. */
export type PushedChange = WithoutLogFields<Change>;
/** One of a kind that this version knows. */
export type KnownChange = Exclude<PushedChange, { readonly event: "Unknown" }>;

/** What a person writes. */
export interface NewMessage {
  /** May be empty beside attachments. */
  readonly text: string;
  /** Uploaded for this conversation, and ready: `active` or `attached` [M5]. */
  readonly attachments?: readonly Attachment[];
  readonly replyTo?: ReplyTo;
  /** Whose thread it is a reply in [L15]. */
  readonly threadRootId?: MessageId;
  /** Whom it calls; the server leaves out who is no member. */
  readonly mentions?: readonly Mention[];
}

/** A message of one's own that the conversation does not show yet. */
export interface PendingMessage extends NewMessage {
  readonly clientMessageId: ClientMessageId;
  /** By this device's clock. */
  readonly createdAt: string;
  /** `sent`: acknowledged, while changes before it are still missing. `failed`: refused, for the given reason. */
  readonly status: "sending" | "sent" | "failed";
  readonly failure?: string;
}

export type KnownMember = Pick<Member, "userId" | "role">;

/** How far a member got, and how far they read [L22]. */
export type MemberMarks = Pick<Receipt, "readSeq" | "deliveredSeq">;

/** A run of messages, by seq and without holes, that ends before the newest run begins. */
export interface HistoryWindow {
  readonly messages: readonly Message[];
  /** Whether none older are left on the server. */
  readonly isOldest: boolean;
}

/** Of messages that were asked about: the emoji with which one reacted (true), or does so no longer (false). */
export type OwnReactions = ReadonlyMap<MessageId, ReadonlyMap<string, boolean>>;

/** What a client knows of one conversation. Old state + changes = fresh state [L18]. */
export interface ConversationState {
  /** Its `pts` is that of the last change applied. */
  readonly conversation: Conversation;
  /** By seq, without holes, up to the newest; from how far back is told by `history`. */
  readonly messages: readonly Message[];
  /** Whether messages from before those pushed were read, and whether any older are left on the server. */
  readonly history: "unloaded" | "partial" | "complete";
  /** What is shown instead of the newest messages, around one from long before; not kept. */
  readonly window: HistoryWindow | undefined;
  /** Messages held beside those: quoted ones, and what was read of threads. Changes reach them too. */
  readonly aside: ReadonlyMap<MessageId, Message>;
  /** The threads that are read, by their roots, and from which seq on all their replies are held; 0: from the first. */
  readonly threads: ReadonlyMap<MessageId, number>;
  /** What messages do not tell of one's own reactions, as far as it was asked for; not kept. */
  readonly ownReactions: OwnReactions;
  /** The pinned messages, each held somewhere; undefined until they are read. */
  readonly pins: ReadonlySet<MessageId> | undefined;
  /** The pts of the last change of pins: a list of them read meanwhile may lack it. */
  readonly pinsPts: number;
  /** The pts of the last change to a message that is not among `messages`: a page of history read meanwhile may lack it. */
  readonly messagesPts: number;
  /** Undefined until they are read. */
  readonly members: ReadonlyMap<UserId, KnownMember> | undefined;
  /** The pts of the last change of membership: a list of members read meanwhile may lack it. */
  readonly membersPts: number;
  /** False while only the server can tell how many messages are unread. */
  readonly isUnreadKnown: boolean;
  /** Members' marks; undefined until they are wanted. One who is not in it has not been told of. */
  readonly receipts: ReadonlyMap<UserId, MemberMarks> | undefined;
  /** Everything up to there is in `receipts`; undefined while they are being read. */
  readonly receiptsVersion: number | undefined;
  /** Pushed changes that others must come before, by pts. */
  readonly early: readonly KnownChange[];
  readonly pending: readonly PendingMessage[];
  /** Of messages that the server holds, in the order in which they were asked for. */
  readonly changing: readonly PendingChange[];
}

export function freshConversation(conversation: Conversation): ConversationState {
  return {
    conversation,
    messages: [],
    history: "unloaded",
    window: undefined,
    aside: new Map(),
    threads: new Map(),
    ownReactions: new Map(),
    pins: undefined,
    pinsPts: conversation.pts,
    messagesPts: conversation.pts,
    members: undefined,
    membersPts: conversation.pts,
    isUnreadKnown: true,
    receipts: undefined,
    receiptsVersion: undefined,
    early: [],
    pending: [],
    changing: [],
  };
}

/** One's own settings, of which the inbox tells: in order, unlike answers that were on their way. */
export function withSettings(state: ConversationState, settings: ConversationSettings): ConversationState {
  const { conversation } = state;
  return { ...state, conversation: { ...conversation, me: { ...conversation.me, settings } } };
}

/** Two ascending runs as one; of the same message the later state wins [L11]. */
export function mergeMessages(known: readonly Message[], added: readonly Message[]): readonly Message[] {
  const [first] = added;
  if (first === undefined) return known;
  const [oldest, newest] = [known[0], known.at(-1)];
  if (oldest === undefined || newest === undefined || newest.seq < first.seq) return [...known, ...added];
  if ((added.at(-1)?.seq ?? 0) < oldest.seq) return [...added, ...known];
  const bySeq = new Map(known.map((message) => [message.seq, message]));
  for (const message of added) {
    const before = bySeq.get(message.seq);
    if (before === undefined || before.pts < message.pts) bySeq.set(message.seq, message);
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** Adds messages that belong to the run, and takes what they are from the pending ones. */
export function addMessages(state: ConversationState, added: readonly Message[]): ConversationState {
  const arrived = new Set(added.map((message) => message.clientMessageId));
  const pending = state.pending.filter((message) => !arrived.has(message.clientMessageId));
  return {
    ...state,
    messages: mergeMessages(state.messages, added),
    pending: pending.length === state.pending.length ? state.pending : pending,
  };
}

export interface HistoryPage {
  /** By seq. */
  readonly items: readonly Message[];
  readonly isOldest: boolean;
}

/** Adds a page of history that ends where the known messages begin, or with the newest message. */
export function addHistory(state: ConversationState, { items, isOldest }: HistoryPage): ConversationState {
  return { ...addMessages(state, items), history: isOldest ? "complete" : "partial" };
}

/** Whether nothing can be missing between a page of history and the known messages, or the head if none are known. */
export function joinsHistory(state: ConversationState, page: readonly Message[]): boolean {
  const last = page.at(-1);
  return last === undefined || holdsAfter(state, last.seq);
}

/** Whether every message after a seq is held. */
export function holdsAfter({ messages, conversation }: ConversationState, seq: number): boolean {
  return (messages[0]?.seq ?? conversation.seq + 1) <= seq + 1;
}

/**
 * Puts a conversation that was read afresh in the place of what was known, after a `reset` [L17]. What was written
 * here and is not sent yet stays.
 * @param page its newest messages, read after it; without it history is read again when shown
 */
export function replaceConversation(
  old: ConversationState | undefined,
  conversation: Conversation,
  page?: HistoryPage,
): ConversationState {
  const pending = old?.pending.filter(({ status }) => status !== "sent") ?? [];
  const changing = old?.changing.filter(({ status }) => status !== "sent") ?? [];
  const fresh = { ...freshConversation(conversation), pending, changing };
  return page === undefined ? fresh : addHistory(fresh, page);
}
