import { z } from "zod";
import { conversationId } from "../ids.ts";
import { receipt } from "../objects/receipt.ts";
import { operation } from "../operation.ts";
import { seq } from "../text.ts";

/** Everything up to a seq was read, and so it was delivered. Marks only rise, and end at the newest message [L22]. */
export const markMessageAsRead = operation({
  summary: "Says that the caller has read everything up to a seq.",
  kind: "command",
  access: "signedIn",
  route: { method: "PUT", path: "/conversations/{conversationId}/read", status: 200 },
  input: z.strictObject({ conversationId, seq }),
  output: z.object({ receipt }),
  hub: { method: "MarkMessageAsRead", arguments: ["conversationId", "seq"], output: receipt },
});
