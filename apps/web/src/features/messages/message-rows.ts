import { type ConversationState, type PendingMessage, repliesIn } from "@hubbub/client";
import type { Attachment, Message, MessageId, ReplyTo, UserId } from "@hubbub/contract";
import { isSameDay } from "../../ui/dates.ts";
import { plainTextOf } from "../conversations/index.ts";
import { gist } from "../media/index.ts";

export interface MessageRow {
  /** The same while a message of one's own turns from pending to stored. */
  readonly key: string;
  readonly senderId: UserId;
  /** Empty where media have no caption. */
  readonly text: string;
  readonly media: readonly Attachment[];
  readonly createdAt: Date;
  /** It is the first of its day. */
  readonly startsDay: boolean;
  /** It is the first of several by one sender, or alone. */
  readonly startsGroup: boolean;
  /** As the server holds it; undefined while it is on its way there. */
  readonly stored: Message | undefined;
  readonly pending: PendingMessage | undefined;
  readonly replyTo: ReplyTo | undefined;
}

/** A sender's messages further apart than this stand on their own, milliseconds. */
const groupWithin = 5 * 60_000;

/** The main history alone: replies are read in their thread [L15]. The same where there are none. */
export function mainHistory(state: ConversationState): ConversationState {
  const isMain = ({ threadRootId }: Message | PendingMessage): boolean => threadRootId === undefined;
  const { messages, pending } = state;
  if (messages.every(isMain) && pending.every(isMain)) return state;
  return { ...state, messages: messages.filter(isMain), pending: pending.filter(isMain) };
}

/** The replies of one thread, as far as they are held. */
export function threadHistory(state: ConversationState, rootId: MessageId): ConversationState {
  return {
    ...state,
    messages: repliesIn(state, rootId),
    pending: state.pending.filter(({ threadRootId }) => threadRootId === rootId),
    history: state.threads.get(rootId) === 0 ? "complete" : "partial",
  };
}

/** What is shown of a conversation: its newest messages, or those around one from long before. */
export function shownRun(state: ConversationState): ConversationState {
  const { window } = state;
  if (window === undefined) return state;
  return { ...state, messages: window.messages, pending: [], history: window.isOldest ? "complete" : "partial" };
}

export function rowCount({ messages, pending }: ConversationState): number {
  return messages.length + pending.length;
}

/** The row at an index, oldest first; made when it is shown, so that the length of a history costs nothing. */
export function rowAt(state: ConversationState, index: number, ownId: UserId): MessageRow | undefined {
  const item = itemAt(state, index);
  if (item === undefined) return undefined;
  const before = itemAt(state, index - 1);
  const createdAt = new Date(item.createdAt);
  const createdBefore = before && new Date(before.createdAt);
  const startsDay = createdBefore === undefined || !isSameDay(createdAt, createdBefore);
  const senderId = senderOf(item, ownId);
  const startsGroup =
    startsDay ||
    before === undefined ||
    ("kind" in before && before.kind === "system") ||
    senderOf(before, ownId) !== senderId ||
    createdAt.getTime() - createdBefore.getTime() > groupWithin;
  return {
    key: keyAt(state, index),
    senderId,
    text: textOf(item),
    media: ("status" in item ? item.attachments : item.media) ?? [],
    createdAt,
    startsDay,
    startsGroup,
    stored: "status" in item ? undefined : item,
    pending: "status" in item ? item : undefined,
    replyTo: item.replyTo,
  };
}

/** @returns -1 where the message is not among them */
export function indexOf({ messages }: ConversationState, seq: number): number {
  return messages.findLastIndex((message) => message.seq === seq);
}

export function keyAt(state: ConversationState, index: number): string {
  const item = itemAt(state, index);
  if (item === undefined) return `none-${index}`;
  return item.clientMessageId ?? ("id" in item ? item.id : `none-${index}`);
}

/** The newest of one's own that can be edited: of the main history, or of a thread. */
export function lastOwn(
  { messages }: ConversationState,
  ownId: UserId,
  rootId: MessageId | undefined,
): Message | undefined {
  return messages.findLast(
    ({ senderId, deletedAt, threadRootId, kind, forwardedFrom }) =>
      senderId === ownId &&
      deletedAt === undefined &&
      threadRootId === rootId &&
      forwardedFrom === undefined &&
      kind !== "system",
  );
}

/** The beginning of what a message says, for a line. */
export function snippetOf(message: Message): string {
  if (message.deletedAt !== undefined) return "This message was deleted";
  return gist(plainTextOf(textOf(message)).slice(0, 200), message.media);
}

/** A kind that only a newer page can show is said to be one. */
function textOf(item: Message | PendingMessage): string {
  const isUnsupported = "kind" in item && item.kind === "unsupported" && item.deletedAt === undefined;
  return isUnsupported ? "Reload the page to see this message." : (item.text ?? "");
}

function itemAt({ messages, pending }: ConversationState, index: number): Message | PendingMessage | undefined {
  if (index < 0) return undefined;
  return index < messages.length ? messages[index] : pending[index - messages.length];
}

function senderOf(item: Message | PendingMessage, ownId: UserId): UserId {
  return "senderId" in item ? item.senderId : ownId;
}
