import { z } from "zod";
import { userId } from "../ids.ts";
import { timestamp } from "../text.ts";
import { user } from "./user.ts";

/** Someone whom the caller blocked. Those who blocked the caller are nowhere told. */
export const block = z.object({ userId, user, createdAt: timestamp });
export type Block = z.infer<typeof block>;
