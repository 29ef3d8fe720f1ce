import { z } from "zod";
import { conversationId, mediaId } from "../ids.ts";
import { historyVisibility, posting, retentionDays, visibility } from "../objects/conversation.ts";
import { pts } from "../text.ts";

/** Only the fields that changed; `null` means that it was taken away. Numbered by `pts`. */
export const conversationUpdated = z.object({
  conversationId,
  title: z.string().optional(),
  topic: z.string().nullable().optional(),
  avatarMediaId: mediaId.nullable().optional(),
  visibility: visibility.optional(),
  posting: posting.optional(),
  historyVisibility: historyVisibility.optional(),
  retentionDays: retentionDays.nullable().optional(),
  pts,
});
