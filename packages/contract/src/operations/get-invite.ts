import { z } from "zod";
import { invitePreview } from "../objects/invite.ts";
import { operation } from "../operation.ts";
import { opaqueText } from "../text.ts";

/** INVITE_EXPIRED where it is expired, used up or revoked. */
export const getInvite = operation({
  summary: "Shows where a link leads.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/invites/{token}", status: 200 },
  input: z.strictObject({ token: opaqueText(100) }),
  output: z.object({ invite: invitePreview }),
});
