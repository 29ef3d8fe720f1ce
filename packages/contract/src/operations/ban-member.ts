import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { nothing, operation } from "../operation.ts";

/** Removes a person, if they are a member, and leaves them no way back. Owners and admins only. */
export const banMember = operation({
  summary: "Removes a person and leaves them no way back.",
  kind: "command",
  access: "signedIn",
  route: { method: "PUT", path: "/conversations/{conversationId}/bans/{userId}", status: 204 },
  input: z.strictObject({ conversationId, userId }),
  output: nothing,
});
