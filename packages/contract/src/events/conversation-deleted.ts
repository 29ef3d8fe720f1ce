import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { pts } from "../text.ts";

/** A group or channel is gone for everyone. The last change of its log, which is gone with it: heard, or found missing. */
export const conversationDeleted = z.object({ conversationId, by: userId, pts });
