import { z } from "zod";
import { timestamp } from "../text.ts";

/** A text that a message had before, and since when. */
export const messageEdit = z.object({ text: z.string(), createdAt: timestamp });
export type MessageEdit = z.infer<typeof messageEdit>;
