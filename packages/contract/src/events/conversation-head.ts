import { z } from "zod";
import { conversationId } from "../ids.ts";
import { pts } from "../text.ts";

/** The conversation has reached this `pts`: whoever is behind asks for the changes [L20]. */
export const conversationHead = z.object({ conversationId, pts });
