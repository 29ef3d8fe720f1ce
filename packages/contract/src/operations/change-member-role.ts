import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { member, role } from "../objects/member.ts";
import { operation } from "../operation.ts";

/** Gives a member another role: for owners, and for whoever steps down. The last owner stays one. */
export const changeMemberRole = operation({
  summary: "Gives a member another role.",
  kind: "command",
  access: "signedIn",
  route: { method: "PATCH", path: "/conversations/{conversationId}/members/{userId}", status: 200 },
  input: z.strictObject({ conversationId, userId, role }),
  output: z.object({ member }),
});
