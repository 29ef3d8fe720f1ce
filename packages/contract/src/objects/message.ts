import { z } from "zod";
import { clientMessageId, conversationId, messageId, userId } from "../ids.ts";
import { pts, seq, timestamp } from "../text.ts";

/** The same for everyone who sees it, so that it is encoded once. `pts` is that of its latest change [L11]. */
export const message = z.object({
  id: messageId,
  conversationId,
  seq,
  pts,
  senderId: userId,
  clientMessageId: clientMessageId.optional(),
  kind: z.enum(["text"]),
  text: z.string().optional(),
  createdAt: timestamp,
});
export type Message = z.infer<typeof message>;
