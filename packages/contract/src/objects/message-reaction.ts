import { z } from "zod";
import { userId } from "../ids.ts";

/** That one person reacted with one emoji. */
export const messageReaction = z.object({ userId, emoji: z.string() });
export type MessageReaction = z.infer<typeof messageReaction>;
