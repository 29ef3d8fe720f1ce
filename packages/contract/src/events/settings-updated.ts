import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { conversationSettings } from "../objects/conversation-settings.ts";
import { settings } from "../objects/settings.ts";

/**
 * The receiver changed their settings, those of one conversation, or whom they block, on some device of theirs.
 * Numbered by `userPts`.
 */
export const settingsUpdated = z.object({
  settings,
  conversation: z.object({ id: conversationId, settings: conversationSettings }).optional(),
  block: z.object({ userId, isBlocked: z.boolean() }).optional(),
  userPts: z.int().min(0),
});
