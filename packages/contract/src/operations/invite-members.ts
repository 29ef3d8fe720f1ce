import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { limits } from "../limits.ts";
import { invitation } from "../objects/invitation.ts";
import { operation } from "../operation.ts";

/** Who is a member already is left out; who is invited already keeps that invitation. Owners and admins only. */
export const inviteMembers = operation({
  summary: "Invites people to a group or channel.",
  kind: "command",
  access: "signedIn",
  limit: { name: "invitation", each: "userIds" },
  route: { method: "POST", path: "/conversations/{conversationId}/invitations", status: 201 },
  input: z.strictObject({ conversationId, userIds: z.array(userId).min(1).max(limits.membersPerCall) }),
  output: z.object({ items: z.array(invitation) }),
});
