import { z } from "zod";
import { conversationId, mediaId } from "../ids.ts";
import { conversationType } from "./conversation.ts";

/** What someone may know of a conversation before they are a member. */
export const publicConversation = z.object({
  id: conversationId,
  type: conversationType,
  title: z.string().optional(),
  topic: z.string().optional(),
  /** Where the receiver may see its picture. */
  avatarMediaId: mediaId.optional(),
  memberCount: z.int().min(0),
});
export type PublicConversation = z.infer<typeof publicConversation>;
