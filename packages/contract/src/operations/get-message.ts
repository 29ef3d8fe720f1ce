import { z } from "zod";
import { messageId } from "../ids.ts";
import { message } from "../objects/message.ts";
import { operation } from "../operation.ts";

export const getMessage = operation({
  summary: "Reads one message.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/messages/{messageId}", status: 200 },
  input: z.strictObject({ messageId }),
  output: z.object({ message }),
});
