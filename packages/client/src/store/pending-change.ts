import {
  type ClientMessageId,
  isBlank,
  type Mention,
  type Message,
  type MessageId,
  type Reaction,
  type UserId,
} from "@hubbub/contract";
import type { ChatConnection } from "../connection/chat-connection.ts";

/** What a person wants of a message that the server holds. */
export type MessageIntent =
  | { readonly kind: "edit"; readonly text: string; readonly mentions: readonly Mention[] }
  | { readonly kind: "delete" }
  | { readonly kind: "react"; readonly emoji: string }
  | { readonly kind: "unreact"; readonly emoji: string };

/** A change to a message that was asked for here and that the conversation does not show yet. */
export interface PendingChange {
  /** Its own, by which the outbox knows it. */
  readonly clientMessageId: ClientMessageId;
  readonly messageId: MessageId;
  readonly intent: MessageIntent;
  /** By this device's clock. */
  readonly createdAt: string;
  /** `sent`: acknowledged, while changes before it are still missing. `failed`: refused, for the given reason. */
  readonly status: "sending" | "sent" | "failed";
  /** Of the conversation when it shows it; known once it is sent. */
  readonly pts?: number;
  readonly failure?: string;
}

/** Those that the conversation does not show at a pts. */
export function stillPending(changes: readonly PendingChange[], pts: number): readonly PendingChange[] {
  const left = changes.filter((change) => change.pts === undefined || change.pts > pts);
  return left.length === changes.length ? changes : left;
}

/** Asks for it. What has happened already happens no second time, so that it may be asked for again. @throws HubbubError */
export function invokeIntent(
  connection: Pick<ChatConnection, "call">,
  messageId: MessageId,
  intent: MessageIntent,
): Promise<{ readonly pts: number }> {
  switch (intent.kind) {
    case "edit":
      return connection.call("editMessage", { messageId, text: intent.text, mentions: [...intent.mentions] });
    case "delete":
      return connection.call("deleteMessage", { messageId });
    case "react":
      return connection.call("react", { messageId, emoji: intent.emoji });
    case "unreact":
      return connection.call("unreact", { messageId, emoji: intent.emoji });
    default:
      return intent satisfies never;
  }
}

/** The message as it will be, once what was asked for here is done; what was refused is as if it had never been. */
export function asIntended(message: Message, changes: readonly PendingChange[], ownId: UserId): Message {
  return changes
    .filter(({ messageId, status }) => messageId === message.id && status !== "failed")
    .reduce((now, { intent, createdAt }) => intended(now, intent, createdAt, ownId), message);
}

function intended(message: Message, intent: MessageIntent, createdAt: string, ownId: UserId): Message {
  if (message.deletedAt !== undefined) return message;
  switch (intent.kind) {
    case "edit":
      return edited(message, intent.text, createdAt);
    case "delete": {
      const { text: _, media: __, reactions: ___, editedAt: ____, pinnedAt: _____, replyTo: ______, ...left } = message;
      return { ...left, deletedAt: createdAt };
    }
    case "react":
    case "unreact":
      return withOwnReaction(message, intent.emoji, intent.kind === "react", ownId);
    default:
      return intent satisfies never;
  }
}

/** A caption may be emptied. */
function edited(message: Message, text: string, editedAt: string): Message {
  const { text: before = "", ...others } = message;
  if (before === text) return message;
  return { ...others, ...(!isBlank(text) && { text }), editedAt };
}

function withOwnReaction(message: Message, emoji: string, isWanted: boolean, ownId: UserId): Message {
  const { reactions: before = [], ...others } = message;
  const known = before.find((reaction) => reaction.emoji === emoji);
  if (isWanted === (known?.userIds.includes(ownId) ?? false)) return message;
  const { count, userIds } = known ?? { count: 0, userIds: [] };
  const now: Reaction = isWanted
    ? { emoji, count: count + 1, userIds: [...userIds, ownId] }
    : { emoji, count: count - 1, userIds: userIds.filter((id) => id !== ownId) };
  const all = known === undefined ? [...before, now] : before.map((each) => (each === known ? now : each));
  const reactions = all.filter((reaction) => reaction.count > 0);
  return { ...others, ...(reactions.length > 0 && { reactions }) };
}
