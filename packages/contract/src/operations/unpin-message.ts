import { z } from "zod";
import { messageId } from "../ids.ts";
import { message } from "../objects/message.ts";
import { operation } from "../operation.ts";

/** Takes a pin away; where there is none it changes nothing. */
export const unpinMessage = operation({
  summary: "Takes a message's pin away.",
  kind: "command",
  access: "signedIn",
  limit: { name: "messageChange" },
  route: { method: "DELETE", path: "/messages/{messageId}/pin", status: 200 },
  input: z.strictObject({ messageId }),
  output: z.object({ message }),
});
