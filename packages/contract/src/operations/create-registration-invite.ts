import { z } from "zod";
import { limits } from "../limits.ts";
import { registrationInvite } from "../objects/registration-invite.ts";
import { operation } from "../operation.ts";

/** Unless told otherwise it is good for one person and a week. */
export const createRegistrationInvite = operation({
  summary: "Makes an invitation to register, and tells its token this one time.",
  kind: "command",
  access: "admin",
  route: { method: "POST", path: "/admin/registration-invites", status: 201 },
  input: z.strictObject({
    expiresInHours: z.int().min(1).max(limits.inviteHours).default(168),
    maxUses: z.int().min(1).max(limits.inviteUses).default(1),
  }),
  output: z.object({ invite: registrationInvite, token: z.string() }),
});
