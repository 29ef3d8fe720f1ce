import { z } from "zod";
import { conversationId } from "../ids.ts";
import { nothing, operation } from "../operation.ts";

/** Deletes a group or channel for everyone: for owners. A direct one is hidden for the caller until its next message. */
export const deleteConversation = operation({
  summary: "Deletes a group or channel for everyone, or hides a direct conversation.",
  kind: "command",
  access: "signedIn",
  route: { method: "DELETE", path: "/conversations/{conversationId}", status: 204 },
  input: z.strictObject({ conversationId }),
  output: nothing,
});
