import { z } from "zod";
import { conversationId } from "../ids.ts";
import { receipt } from "../objects/receipt.ts";
import { operation } from "../operation.ts";
import { seq } from "../text.ts";

/** Everything up to a seq has reached a device of the caller. Marks only rise, and end at the newest message [L22]. */
export const markMessageAsDelivered = operation({
  summary: "Says that everything up to a seq has reached a device of the caller.",
  kind: "command",
  access: "signedIn",
  route: { method: "PUT", path: "/conversations/{conversationId}/delivered", status: 200 },
  input: z.strictObject({ conversationId, seq }),
  output: z.object({ receipt }),
  hub: { method: "MarkMessageAsDelivered", arguments: ["conversationId", "seq"], output: receipt },
});
