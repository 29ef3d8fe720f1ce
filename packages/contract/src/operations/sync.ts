import { z } from "zod";
import { conversationId } from "../ids.ts";
import { limits } from "../limits.ts";
import { change, inboxEntry } from "../objects/change.ts";
import { receipt, receiptsVersion } from "../objects/receipt.ts";
import { operation } from "../operation.ts";
import { opaqueText, pts, seq } from "../text.ts";

export const syncedConversation = z.object({
  id: conversationId,
  pts,
  seq,
  receiptsVersion,
  /** Everything after the given pts, at most 200. */
  changes: z.array(change).optional(),
  /** Those that rose after the given version; absent where none was given, and where there are more than 256 members. */
  receipts: z.array(receipt).optional(),
  /** There are more changes: ask again. */
  more: z.literal(true).optional(),
  /** Forget this conversation and read it afresh. */
  reset: z.enum(["tooFar", "rejoined"]).optional(),
});
export type SyncedConversation = z.infer<typeof syncedConversation>;

export const syncAnswer = z.object({
  /** Changes when the database was restored from a backup [L21]. */
  epoch: z.string(),
  /** Forget everything and read it afresh. */
  reset: z.enum(["epoch", "tooFar"]).optional(),
  userPts: z.int().min(0),
  user: z.array(inboxEntry),
  /** The inbox has more: ask again. */
  more: z.literal(true).optional(),
  /** Those asked for that the caller may see. */
  conversations: z.array(syncedConversation),
});
export type SyncAnswer = z.infer<typeof syncAnswer>;

const isFew = (known: object): boolean => Object.keys(known).length <= limits.sync.conversations;
const tooMany = `must name at most ${limits.sync.conversations} conversations`;

/** What a client missed [L17]. Without `epoch`: a first sync, which answers heads only. */
export const sync = operation({
  summary: "Tells what has changed since the client was last here.",
  kind: "query",
  access: "signedIn",
  route: { method: "POST", path: "/sync", status: 200 },
  input: z.strictObject({
    epoch: opaqueText(64).optional(),
    userPts: z.int().min(0).optional(),
    conversations: z.record(conversationId, pts).refine(isFew, tooMany).default({}),
    /** The `receiptsVersion` known of those of the conversations whose receipts are wanted. */
    receipts: z.record(conversationId, receiptsVersion).refine(isFew, tooMany).default({}),
  }),
  output: syncAnswer,
  hub: { method: "Sync", output: syncAnswer },
});
