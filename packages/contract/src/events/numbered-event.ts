import { z } from "zod";
import { conversationId } from "../ids.ts";
import { pts } from "../text.ts";

/** What a client that is older than its server still reads of an event: which log has gone on, and up to where. */
export const numberedEvent = z.union([z.object({ userPts: z.int().min(1) }), z.object({ conversationId, pts })]);
export type NumberedEvent = z.infer<typeof numberedEvent>;
