import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { timestamp } from "../text.ts";
import { publicConversation } from "./public-conversation.ts";

const token = z.string();
const expiresAt = timestamp.optional();

/** A link into a conversation, as those see it who manage it. */
export const invite = z.object({
  token,
  conversationId,
  createdBy: userId,
  createdAt: timestamp,
  /** Absent: never. */
  expiresAt,
  /** Absent: any number. */
  maxUses: z.int().min(1).optional(),
  uses: z.int().min(0),
});
export type Invite = z.infer<typeof invite>;

/** What a link shows to whoever holds it. */
export const invitePreview = z.object({ token, conversation: publicConversation, expiresAt });
export type InvitePreview = z.infer<typeof invitePreview>;
