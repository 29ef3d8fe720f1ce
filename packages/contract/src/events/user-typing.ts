import { z } from "zod";
import { conversationId, userId } from "../ids.ts";

/** To who views the conversation. May be missed; typing that is not renewed ends by itself. */
export const userTyping = z.object({ conversationId, userId });
