import { z } from "zod";
import { clientMessageId, conversationId, messageId, userId } from "../ids.ts";
import { limits } from "../limits.ts";
import { pts, seq, timestamp } from "../text.ts";

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

/** The same for everyone who sees it, so that it is encoded once. `pts` is that of its latest change [L11]. */
export const message = z.object({
  id: messageId,
  conversationId,
  seq,
  pts,
  senderId: userId,
  clientMessageId: clientMessageId.optional(),
  kind: z.enum(["text"]),
  /** Absent once it is deleted. */
  text: z.string().optional(),
  replyTo: replyTo.optional(),
  /** In the order in which each emoji came first; absent where there are none. */
  reactions: z.array(reaction).min(1).max(limits.reactions).optional(),
  editedAt: timestamp.optional(),
  /** Present: a tombstone, of which only ids and times are left [L11]. */
  deletedAt: timestamp.optional(),
  createdAt: timestamp,
});
export type Message = z.infer<typeof message>;

/** What the hub answers to who changed a message: where it stands now. */
export const changedMessage = z.object({ messageId, seq, pts });
