import { z } from "zod";
import { conversationId } from "../ids.ts";
import { pts, seq } from "../text.ts";

/** Messages from before this seq are kept no longer [L12]. Numbered by `pts`. */
export const historyTrimmed = z.object({ conversationId, beforeSeq: seq, pts });
