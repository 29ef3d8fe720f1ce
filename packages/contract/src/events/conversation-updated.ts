import { z } from "zod";
import { conversationId } from "../ids.ts";
import { posting } from "../objects/conversation.ts";
import { pts } from "../text.ts";

/** Only the fields that changed; `topic: null` means that it was taken away. Numbered by `pts`. */
export const conversationUpdated = z.object({
  conversationId,
  title: z.string().optional(),
  topic: z.string().nullable().optional(),
  posting: posting.optional(),
  pts,
});
