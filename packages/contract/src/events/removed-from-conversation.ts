import { z } from "zod";
import { conversationId, userId } from "../ids.ts";

/** The receiver is no member any more [L13]. Numbered by `userPts`. */
export const removedFromConversation = z.object({ conversationId, by: userId, userPts: z.int().min(0) });
