import { z } from "zod";
import { conversation } from "../objects/conversation.ts";

/** The receiver was added to a conversation that existed. Numbered by `userPts`. */
export const addedToConversation = z.object({ conversation, userPts: z.int().min(0) });
