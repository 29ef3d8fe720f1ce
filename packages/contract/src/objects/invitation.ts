import { z } from "zod";
import { conversationId, invitationId, userId } from "../ids.ts";
import { timestamp } from "../text.ts";
import { publicConversation } from "./public-conversation.ts";

/** One person's invitation by another one to a conversation. */
export const invitation = z.object({
  id: invitationId,
  conversationId,
  /** Absent once it is deleted. */
  conversation: publicConversation.optional(),
  userId,
  invitedBy: userId,
  /** `withdrawn`: banned since, or the conversation is deleted. */
  status: z.enum(["pending", "accepted", "declined", "withdrawn"]),
  createdAt: timestamp,
});
export type Invitation = z.infer<typeof invitation>;
