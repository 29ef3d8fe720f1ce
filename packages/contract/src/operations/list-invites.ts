import { z } from "zod";
import { conversationId } from "../ids.ts";
import { invite } from "../objects/invite.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** In the order of their tokens, without revoked ones. Owners and admins only. */
export const listInvites = operation({
  summary: "Lists the links into a group or channel.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/conversations/{conversationId}/invites", status: 200 },
  input: z.strictObject({ conversationId, ...page }),
  output: pageOf(invite),
});
