import { z } from "zod";
import { nothing, operation } from "../operation.ts";
import { password } from "./register.ts";

/**
 * The input comes in the body, for all that the method is DELETE: an address is logged, and a password is in it. Takes
 * the password, or a session that was begun within the last 10 minutes. `CONFLICT` for the last admin.
 */
export const deleteOwnUser = operation({
  summary: "Deletes the caller's account for good: what they wrote stays, without their name.",
  kind: "command",
  access: "signedIn",
  limit: { name: "passwordCheck" },
  route: { method: "DELETE", path: "/users/me", status: 204 },
  input: z.strictObject({ password: password.optional() }),
  output: nothing,
});
