import type { ConversationState, PendingMessage } from "@hubbub/client";
import type { Message, UserId } from "@hubbub/contract";
import { isSameDay } from "../../ui/dates.ts";

export interface MessageRow {
  /** The same while a message of one's own turns from pending to stored. */
  readonly key: string;
  readonly senderId: UserId;
  readonly text: string;
  readonly createdAt: Date;
  /** It is the first of its day. */
  readonly startsDay: boolean;
  /** It is the first of several by one sender, or alone. */
  readonly startsGroup: boolean;
  readonly pending: PendingMessage | undefined;
}

/** A sender's messages further apart than this stand on their own, milliseconds. */
const groupWithin = 5 * 60_000;

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
    senderOf(before, ownId) !== senderId ||
    createdAt.getTime() - createdBefore.getTime() > groupWithin;
  return {
    key: keyAt(state, index),
    senderId,
    text: item.text ?? "",
    createdAt,
    startsDay,
    startsGroup,
    pending: "status" in item ? item : undefined,
  };
}

export function keyAt(state: ConversationState, index: number): string {
  const item = itemAt(state, index);
  if (item === undefined) return `none-${index}`;
  return item.clientMessageId ?? ("id" in item ? item.id : `none-${index}`);
}

function itemAt({ messages, pending }: ConversationState, index: number): Message | PendingMessage | undefined {
  if (index < 0) return undefined;
  return index < messages.length ? messages[index] : pending[index - messages.length];
}

function senderOf(item: Message | PendingMessage, ownId: UserId): UserId {
  return "senderId" in item ? item.senderId : ownId;
}
