import { z } from "zod";
import { conversation } from "../objects/conversation.ts";

/** Someone began a conversation with the receiver in it. Numbered by `userPts`. */
export const newConversationCreated = z.object({ conversation, userPts: z.int().min(0) });
