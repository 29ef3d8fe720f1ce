import { z } from "zod";
import { messageId } from "../ids.ts";
import { messageEdit } from "../objects/message-edit.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** The texts that a message had before its present one, oldest first. Deleting the message deletes them [L11]. */
export const listMessageEdits = operation({
  summary: "Lists the texts that a message had before its present one, oldest first.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/messages/{messageId}/edits", status: 200 },
  input: z.strictObject({ messageId, ...page }),
  output: pageOf(messageEdit),
});
