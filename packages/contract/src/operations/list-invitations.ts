import { z } from "zod";
import { invitation } from "../objects/invitation.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** Newest first. */
export const listInvitations = operation({
  summary: "The caller's invitations that wait for an answer.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/invitations", status: 200 },
  input: z.strictObject(page),
  output: pageOf(invitation),
});
