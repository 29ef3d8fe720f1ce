import { z } from "zod";
import { publicConversation } from "../objects/public-conversation.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";
import { opaqueText } from "../text.ts";

/** Public channels whose title or topic contains the text, newest first. */
export const listPublicConversations = operation({
  summary: "Finds public channels.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/conversations/public", status: 200 },
  input: z.strictObject({ query: opaqueText(100).optional(), ...page }),
  output: pageOf(publicConversation),
});
