import { z } from "zod";
import { messageId } from "../ids.ts";
import { limits } from "../limits.ts";
import { changedMessage, mention, message } from "../objects/message.ts";
import { operation } from "../operation.ts";
import { optionalText } from "../text.ts";

/**
 * Gives one's own message another text, and where `mentions` is given, other mentions; else it keeps those that it has.
 * The same again changes nothing. The caption of media may be empty.
 */
export const editMessage = operation({
  summary: "Gives one's own message another text.",
  kind: "command",
  access: "signedIn",
  limit: { name: "messageChange" },
  route: { method: "PATCH", path: "/messages/{messageId}", status: 200 },
  input: z.strictObject({
    messageId,
    text: optionalText(limits.messageText),
    mentions: z.array(mention).max(limits.mentions).nullish(), // an argument that is left out is often sent as null
  }),
  output: z.object({ message }),
  hub: { method: "EditMessage", arguments: ["messageId", "text", "mentions"], output: changedMessage },
});
