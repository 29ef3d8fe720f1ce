import { z } from "zod";
import { registrationInviteId } from "../ids.ts";
import { nothing, operation } from "../operation.ts";

export const revokeRegistrationInvite = operation({
  summary: "Makes an invitation to register worthless.",
  kind: "command",
  access: "admin",
  route: { method: "DELETE", path: "/admin/registration-invites/{inviteId}", status: 204 },
  input: z.strictObject({ inviteId: registrationInviteId }),
  output: nothing,
});
