import { z } from "zod";
import { nothing, operation } from "../operation.ts";
import { opaqueText } from "../text.ts";

/** For owners and admins of the conversation it leads to. */
export const revokeInvite = operation({
  summary: "Makes a link worthless.",
  kind: "command",
  access: "signedIn",
  route: { method: "DELETE", path: "/invites/{token}", status: 204 },
  input: z.strictObject({ token: opaqueText(100) }),
  output: nothing,
});
