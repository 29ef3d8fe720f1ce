import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { timestamp } from "../text.ts";

/** An event that one of its consumers failed at five times; never what it tells. `id` is the event's. */
export const deadLetter = z.object({
  id: z.guid(),
  event: z.string(),
  conversationId: conversationId.optional(),
  userId: userId.optional(),
  tries: z.int(),
  error: z.string(),
  traceId: z.string().optional(),
  createdAt: timestamp,
  diedAt: timestamp,
});
export type DeadLetter = z.infer<typeof deadLetter>;
