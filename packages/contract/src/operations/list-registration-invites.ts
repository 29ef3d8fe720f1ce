import { z } from "zod";
import { registrationInvite } from "../objects/registration-invite.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** The newest first. */
export const listRegistrationInvites = operation({
  summary: "Lists the invitations to register that are still good, the newest first.",
  kind: "query",
  access: "admin",
  route: { method: "GET", path: "/admin/registration-invites", status: 200 },
  input: z.strictObject(page),
  output: pageOf(registrationInvite),
});
