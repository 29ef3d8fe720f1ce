import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { nothing, operation } from "../operation.ts";

/** Removes a person from a group or channel; oneself: leave. */
export const removeMember = operation({
  summary: "Removes a person from a group or channel; oneself: leaves it.",
  kind: "command",
  access: "signedIn",
  route: { method: "DELETE", path: "/conversations/{conversationId}/members/{userId}", status: 204 },
  input: z.strictObject({ conversationId, userId }),
  output: nothing,
});
