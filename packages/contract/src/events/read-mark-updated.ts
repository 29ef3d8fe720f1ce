import { z } from "zod";
import { conversationId } from "../ids.ts";
import { seq } from "../text.ts";

/** The receiver read up to there, on some device of theirs [L22]. Numbered by `userPts`. */
export const readMarkUpdated = z.object({
  conversationId,
  readSeq: seq,
  deliveredSeq: seq,
  userPts: z.int().min(0),
});
