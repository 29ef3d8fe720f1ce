import { z } from "zod";
import { conversationId } from "../ids.ts";
import { receipt, receiptsVersion } from "../objects/receipt.ts";

/** A member's marks rose: at most once a second, so versions are skipped; may be missed. Numbered by `receiptsVersion`. */
export const messageStatusUpdated = z.object({ conversationId, ...receipt.shape, receiptsVersion });
