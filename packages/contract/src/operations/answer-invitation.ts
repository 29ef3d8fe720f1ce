import { z } from "zod";
import { invitationId } from "../ids.ts";
import { invitation } from "../objects/invitation.ts";
import { operation } from "../operation.ts";

/** Accepting makes the caller a member. An answer is final. */
export const answerInvitation = operation({
  summary: "Accepts or declines an invitation.",
  kind: "command",
  access: "signedIn",
  route: { method: "PUT", path: "/invitations/{invitationId}", status: 200 },
  input: z.strictObject({ invitationId, status: z.enum(["accepted", "declined"]) }),
  output: z.object({ invitation }),
});
