import { z } from "zod";
import { nothing, operation } from "../operation.ts";
import { password } from "./register.ts";

/** Replaces the caller's password and ends all their other sessions. `INVALID_CREDENTIALS` if the current one is wrong. */
export const changePassword = operation({
  summary: "Replaces the caller's password and ends all their other sessions.",
  kind: "command",
  access: "signedIn",
  limit: { name: "passwordCheck" },
  route: { method: "POST", path: "/auth/password/change", status: 204 },
  input: z.strictObject({ currentPassword: password, newPassword: password }),
  output: nothing,
});
