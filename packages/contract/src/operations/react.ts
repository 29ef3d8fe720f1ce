import { z } from "zod";
import { emoji } from "../emoji.ts";
import { messageId } from "../ids.ts";
import { changedMessage, message } from "../objects/message.ts";
import { operation } from "../operation.ts";

/** Reacts to a message with an emoji. To do so again changes nothing. */
export const react = operation({
  summary: "Reacts to a message with an emoji.",
  kind: "command",
  access: "signedIn",
  limit: { name: "messageChange" },
  route: { method: "PUT", path: "/messages/{messageId}/reactions/{emoji}", status: 200 },
  input: z.strictObject({ messageId, emoji }),
  output: z.object({ message }),
  hub: { method: "React", arguments: ["messageId", "emoji"], output: changedMessage },
});
