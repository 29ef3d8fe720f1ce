import { z } from "zod";
import { userId } from "../ids.ts";
import { seq } from "../text.ts";

/** How far one member's devices got, and how far the member read [L22]. */
export const receipt = z.object({ userId, deliveredSeq: seq, readSeq: seq });
export type Receipt = z.infer<typeof receipt>;

/** Counts the changes of a conversation's receipts. */
export const receiptsVersion = z.int().min(0);
