import { z } from "zod";
import { conversation } from "../objects/conversation.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** The caller's conversations, newest activity first. */
export const listConversations = operation({
  summary: "Lists the caller's conversations, newest activity first.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/conversations", status: 200 },
  input: z.strictObject(page),
  output: pageOf(conversation),
});
