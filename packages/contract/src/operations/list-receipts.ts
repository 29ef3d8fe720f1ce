import { z } from "zod";
import { conversationId } from "../ids.ts";
import { receipt, receiptsVersion } from "../objects/receipt.ts";
import { operation } from "../operation.ts";

/** Every member's marks; in a conversation of more than 256 members the caller's alone [L22]. */
export const listReceipts = operation({
  summary: "Lists how far every member has got and read.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/conversations/{conversationId}/receipts", status: 200 },
  input: z.strictObject({ conversationId }),
  output: z.object({ items: z.array(receipt), receiptsVersion }),
});
