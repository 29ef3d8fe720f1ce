import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { limits } from "../limits.ts";
import { member } from "../objects/member.ts";
import { operation } from "../operation.ts";

/** Adds people to a group or channel; who is a member already stays as they are. Owners and admins only. */
export const addMembers = operation({
  summary: "Adds people to a group or channel; who is a member already stays as they are.",
  kind: "command",
  access: "signedIn",
  route: { method: "POST", path: "/conversations/{conversationId}/members", status: 201 },
  input: z.strictObject({ conversationId, userIds: z.array(userId).min(1).max(limits.membersPerCall) }),
  /** The members that the call named, whether new or not. */
  output: z.object({ items: z.array(member) }),
});
