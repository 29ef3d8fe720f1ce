import { z } from "zod";
import { conversationId } from "../ids.ts";
import { limits } from "../limits.ts";
import { invite } from "../objects/invite.ts";
import { operation } from "../operation.ts";

/** Without `expiresInHours` it never expires, without `maxUses` any number of people may use it. Owners and admins only. */
export const createInvite = operation({
  summary: "Makes a link into a group or channel.",
  kind: "command",
  access: "signedIn",
  route: { method: "POST", path: "/conversations/{conversationId}/invites", status: 201 },
  input: z.strictObject({
    conversationId,
    expiresInHours: z.int().min(1).max(limits.inviteHours).optional(),
    maxUses: z.int().min(1).max(limits.inviteUses).optional(),
  }),
  output: z.object({ invite }),
});
