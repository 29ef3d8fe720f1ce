import { z } from "zod";
import { userId } from "../ids.ts";
import { timestamp } from "../text.ts";

/** Someone who may not come back, and who saw to it. */
export const ban = z.object({ userId, by: userId, createdAt: timestamp });
export type Ban = z.infer<typeof ban>;
