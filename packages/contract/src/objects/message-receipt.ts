import { z } from "zod";
import { userId } from "../ids.ts";

/** Whether one receiver's devices got a message, and whether the receiver read it; who read it got it. */
export const messageReceipt = z.object({ userId, delivered: z.boolean(), read: z.boolean() });
export type MessageReceipt = z.infer<typeof messageReceipt>;
