import { expect } from "bun:test";
import {
  type Attachment,
  limits,
  type Mention,
  type Message,
  type MessageId,
  type ReplyTo,
  type SystemEvent,
  type Thread,
  type UserId,
} from "@hubbub/contract";
import fc from "fast-check";

const kinds = [
  ...(["send", "send", "send", "reply", "reply", "thread", "thread", "thread", "edit", "edit"] as const),
  ...([
    "delete",
    "delete",
    "react",
    "react",
    "react",
    "react",
    "unreact",
    "unreact",
    "add",
    "add",
    "remove",
    "rename",
    "trim",
  ] as const),
];
export const emoji = ["👍", "❤️", "🎉"] as const;

export const step = fc.record({
  kind: fc.constantFrom(...kinds),
  actor: fc.nat(7),
  /** Which message, from the newest back; or which person. */
  target: fc.nat(9),
  emoji: fc.nat(2),
  /** Whether an edit leaves the text as it is. */
  same: fc.boolean(),
  /** Whether no word is written. */
  silent: fc.boolean(),
  /** Which of the media that were uploaded a message refers to, of whomever and attached or not. */
  media: fc.option(fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 3 }),
  /** Whom a message calls: people, or everyone; nothing where nothing is said of it. */
  calls: fc.option(fc.array(fc.nat(8), { maxLength: 4 }), { nil: undefined, freq: 2 }),
  /** By person: whether they hear the push. */
  hears: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
});
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

export interface ModelMessage {
  readonly id: MessageId;
  readonly seq: number;
  readonly senderId: UserId;
  /** What the system says; the rest is as of any message. */
  system: SystemEvent | undefined;
  readonly kind: "text" | "image" | "system";
  pts: number;
  text: string | undefined;
  replyTo: ReplyTo | undefined;
  readonly threadRoot: ModelMessage | undefined;
  thread: Thread | undefined;
  mentions: Mention[] | undefined;
  media: Attachment[] | undefined;
  readonly edits: string[];
  readonly reactions: Map<string, UserId[]>;
  deleted: boolean;
}

export interface ModelMember {
  readonly role: "owner" | "admin" | "member";
  readonly visibleFromSeq: number;
}

/** What a root tells of its replies [L15]; when the last one came is not compared. */
export function threadOf(root: ModelMessage, messages: readonly ModelMessage[]): Thread | undefined {
  const replies = messages.filter(({ threadRoot, deleted }) => threadRoot === root && !deleted);
  const lastReplySeq = replies.at(-1)?.seq;
  if (lastReplySeq === undefined) return undefined;
  const participantIds = [...new Set(replies.map(({ senderId }) => senderId))].slice(0, 5);
  return { replyCount: replies.length, lastReplySeq, lastReplyAt: "", participantIds };
}

/** Of a message without any of it. */
export const nothingElse = () => ({
  ...{ replyTo: undefined, threadRoot: undefined, thread: undefined, mentions: undefined, edits: [] },
  ...{ media: undefined, reactions: new Map<string, UserId[]>(), deleted: false },
});

/** A message but for its times and its sender's own id. */
export function viewed({ clientMessageId: _, createdAt: __, editedAt, deletedAt, thread, ...message }: Message) {
  const counted = thread && { ...thread, lastReplyAt: "" };
  return {
    ...message,
    ...(counted && { thread: counted }),
    isEdited: editedAt !== undefined,
    isDeleted: deletedAt !== undefined,
  };
}

export function expectedOf(message: ModelMessage) {
  const { id, seq, pts, senderId, kind, system, text, media, replyTo, threadRoot, thread, mentions, edits, deleted } =
    message;
  const reactions = [...message.reactions].map(([emoji, all]) => {
    return { emoji, count: all.length, userIds: all.slice(0, limits.reactionUserIds) };
  });
  return {
    ...{ id, seq, pts, senderId, kind, conversationId: expect.any(String) },
    ...(text !== undefined && { text }),
    ...(media !== undefined && { media }),
    ...(system !== undefined && { system }),
    ...(replyTo !== undefined && { replyTo }),
    ...(threadRoot !== undefined && { threadRootId: threadRoot.id }),
    ...(thread !== undefined && { thread }),
    ...(mentions !== undefined && { mentions }),
    ...(reactions.length > 0 && { reactions }),
    ...{ isEdited: edits.length > 0, isDeleted: deleted },
  };
}
