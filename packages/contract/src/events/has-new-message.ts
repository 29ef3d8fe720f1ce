import { z } from "zod";
import { conversationId } from "../ids.ts";
import { seq } from "../text.ts";

/** Someone else wrote; `mention`: to you, or to everyone. May be missed. */
export const hasNewMessage = z.object({ conversationId, seq, mention: z.boolean() });
