import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { pts } from "../text.ts";

/** Someone is no member any more; `by` is that person if they left. Numbered by `pts`. */
export const memberRemoved = z.object({ conversationId, userId, by: userId, pts });
