import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { nothing, operation } from "../operation.ts";

/** Lets a person come back. Owners and admins only. */
export const unbanMember = operation({
  summary: "Lets a banned person come back.",
  kind: "command",
  access: "signedIn",
  route: { method: "DELETE", path: "/conversations/{conversationId}/bans/{userId}", status: 204 },
  input: z.strictObject({ conversationId, userId }),
  output: nothing,
});
