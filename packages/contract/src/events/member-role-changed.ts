import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { role } from "../objects/member.ts";
import { pts } from "../text.ts";

/** Someone has another role now. Numbered by `pts`. */
export const memberRoleChanged = z.object({ conversationId, userId, by: userId, from: role, to: role, pts });
