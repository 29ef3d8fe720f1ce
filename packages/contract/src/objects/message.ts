import { z } from "zod";
import { clientMessageId, conversationId, messageId, userId } from "../ids.ts";
import { limits } from "../limits.ts";
import { pts, seq, timestamp } from "../text.ts";
import { attachment } from "./media.ts";
import { systemEvent } from "./system-event.ts";

/** Of one with media what they are: all pictures, all films, all sound, else `file`. */
export const messageKind = z.enum(["text", "image", "video", "audio", "file", "system"]);
export type MessageKind = z.infer<typeof messageKind>;

/** The message that another one answers. Its text is asked for by who may see it. */
export const replyTo = z.object({ id: messageId, seq, senderId: userId });
export type ReplyTo = z.infer<typeof replyTo>;

/** Those who reacted with one emoji. */
export const reaction = z.object({
  emoji: z.string(),
  count: z.int().min(1),
  /** The first of them. */
  userIds: z.array(userId).max(limits.reactionUserIds),
});
export type Reaction = z.infer<typeof reaction>;

/** Whom a message calls: members by their ids, or everyone in the conversation. */
export const mention = z.union([userId, z.literal("everyone")]);
export type Mention = z.infer<typeof mention>;

/** What a root tells of the replies in its thread that are not deleted [L15]. */
export const thread = z.object({
  replyCount: z.int().min(1),
  lastReplySeq: seq,
  lastReplyAt: timestamp,
  /** The first people who replied. */
  participantIds: z.array(userId).max(limits.threadParticipantIds),
});
export type Thread = z.infer<typeof thread>;

/** Who wrote what was forwarded, and when; where, is not told. */
export const forwardedFrom = z.object({ senderId: userId, createdAt: timestamp });
export type ForwardedFrom = z.infer<typeof forwardedFrom>;

/** The same for everyone who sees it, so that it is encoded once. `pts` is that of its latest change [L11]. */
export const message = z.object({
  id: messageId,
  conversationId,
  seq,
  pts,
  senderId: userId,
  clientMessageId: clientMessageId.optional(),
  /** Read as `unsupported` where a newer server knows more kinds. */
  kind: z.union([messageKind, z.literal("unsupported").catch("unsupported")]),
  /** Absent once it is deleted, for `system`, and where media have no caption. */
  text: z.string().optional(),
  /** In the sender's order; absent for `text` and `system`, and once it is deleted. */
  media: z.array(attachment).min(1).max(limits.media).optional(),
  /** Present for `system`. */
  system: systemEvent.optional().catch(undefined),
  replyTo: replyTo.optional(),
  /** Of a reply in a thread: the message that the thread is about [L15]. Stays when it is deleted. */
  threadRootId: messageId.optional(),
  /** Absent where nobody replied. A reply is a change of its root too, with the reply's `pts`. */
  thread: thread.optional(),
  /** Those of them who were members when it was sent or edited; absent where it calls nobody. */
  mentions: z.array(mention).min(1).max(limits.mentions).optional(),
  forwardedFrom: forwardedFrom.optional(),
  /** In the order in which each emoji came first; absent where there are none. */
  reactions: z.array(reaction).min(1).max(limits.reactions).optional(),
  editedAt: timestamp.optional(),
  /** Present while it is pinned. */
  pinnedAt: timestamp.optional(),
  /** Present: a tombstone, of which only ids and times are left [L11]. */
  deletedAt: timestamp.optional(),
  createdAt: timestamp,
});
export type Message = z.infer<typeof message>;

/** What the hub answers to who changed a message: where it stands now. */
export const changedMessage = z.object({ messageId, seq, pts });
