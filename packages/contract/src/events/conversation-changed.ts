import { z } from "zod";
import { conversationId } from "../ids.ts";
import { pts } from "../text.ts";

/** Something changed that not every member may see: ask for the change [L10]. Numbered by `pts`. */
export const conversationChanged = z.object({ conversationId, pts });
