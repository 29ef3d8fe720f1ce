import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { role } from "../objects/member.ts";
import { pts } from "../text.ts";

/** Someone is a member now. Numbered by `pts`. */
export const memberAdded = z.object({ conversationId, userId, by: userId, role, pts });
