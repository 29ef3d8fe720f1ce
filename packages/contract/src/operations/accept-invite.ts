import { z } from "zod";
import { conversation } from "../objects/conversation.ts";
import { operation } from "../operation.ts";
import { opaqueText } from "../text.ts";

/** Who is a member already stays as they are, and uses nothing up. */
export const acceptInvite = operation({
  summary: "Becomes a member by a link.",
  kind: "command",
  access: "signedIn",
  route: { method: "POST", path: "/invites/{token}/accept", status: 200 },
  input: z.strictObject({ token: opaqueText(100) }),
  output: z.object({ conversation }),
});
