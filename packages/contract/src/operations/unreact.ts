import { z } from "zod";
import { emoji } from "../emoji.ts";
import { messageId } from "../ids.ts";
import { changedMessage, message } from "../objects/message.ts";
import { operation } from "../operation.ts";

/** Takes a reaction of one's own back. One that is not there changes nothing. */
export const unreact = operation({
  summary: "Takes a reaction of one's own back.",
  kind: "command",
  access: "signedIn",
  limit: { name: "messageChange" },
  route: { method: "DELETE", path: "/messages/{messageId}/reactions/{emoji}", status: 200 },
  input: z.strictObject({ messageId, emoji }),
  output: z.object({ message }),
  hub: { method: "Unreact", arguments: ["messageId", "emoji"], output: changedMessage },
});
