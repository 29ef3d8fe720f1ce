import { z } from "zod";
import { messageId } from "../ids.ts";
import { changedMessage, message } from "../objects/message.ts";
import { operation } from "../operation.ts";

/**
 * Deletes a message for everyone and leaves a tombstone [L11]: one's own, and in groups and channels everyone's for
 * owners and admins. One that is deleted already stays as it is.
 */
export const deleteMessage = operation({
  summary: "Deletes a message for everyone and leaves a tombstone.",
  kind: "command",
  access: "signedIn",
  route: { method: "DELETE", path: "/messages/{messageId}", status: 200 },
  input: z.strictObject({ messageId }),
  output: z.object({ message }),
  hub: { method: "DeleteMessage", arguments: ["messageId"], output: changedMessage },
});
