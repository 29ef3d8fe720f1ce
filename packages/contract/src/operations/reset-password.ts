import { z } from "zod";
import { mailToken } from "../objects/mail-token.ts";
import { nothing, operation } from "../operation.ts";
import { password } from "./register.ts";

/** Sets a new password by the token of a link, once, and ends all sessions. The address counts as verified. */
export const resetPassword = operation({
  summary: "Sets a new password by the token of a mailed link, and ends all sessions.",
  kind: "command",
  access: "public",
  limit: { name: "passwordCheck" },
  route: { method: "POST", path: "/auth/password/reset", status: 204 },
  input: z.strictObject({ token: mailToken, newPassword: password }),
  output: nothing,
});
