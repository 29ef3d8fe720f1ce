import { z } from "zod";
import { messageId } from "../ids.ts";
import { messageReceipt } from "../objects/message-receipt.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/**
 * Who got and who read a message, of its present receivers who show the caller their marks [L22]; in a conversation of
 * more than 256 members the caller alone.
 */
export const listMessageReceipts = operation({
  summary: "Lists who got and who read a message.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/messages/{messageId}/receipts", status: 200 },
  input: z.strictObject({ messageId, ...page }),
  output: pageOf(messageReceipt),
});
