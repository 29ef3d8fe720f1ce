import { z } from "zod";
import { conversationId, messageId, userId } from "../ids.ts";
import { limits } from "../limits.ts";
import { pts, seq } from "../text.ts";

/**
 * Someone reacted to a message with an emoji, or took it back: `ReactionAdded` and `ReactionRemoved`. `count` and
 * `userIds`, the first few of them, are those of this emoji since. Numbered by `pts`.
 */
export const reactionChanged = z.object({
  conversationId,
  messageId,
  seq,
  userId,
  emoji: z.string(),
  count: z.int().min(0),
  userIds: z.array(userId).max(limits.reactionUserIds),
  pts,
});
export type ReactionChanged = z.infer<typeof reactionChanged>;
