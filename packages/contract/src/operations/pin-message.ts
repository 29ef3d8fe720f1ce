import { z } from "zod";
import { messageId } from "../ids.ts";
import { message } from "../objects/message.ts";
import { operation } from "../operation.ts";

/** Pins a message for everyone, in groups and channels by admins; at most 100. To do so again changes nothing. */
export const pinMessage = operation({
  summary: "Pins a message for everyone in its conversation.",
  kind: "command",
  access: "signedIn",
  limit: { name: "messageChange" },
  route: { method: "PUT", path: "/messages/{messageId}/pin", status: 200 },
  input: z.strictObject({ messageId }),
  output: z.object({ message }),
});
