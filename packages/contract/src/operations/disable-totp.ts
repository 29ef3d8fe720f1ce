import { z } from "zod";
import { totpCode } from "../objects/second-factor.ts";
import { nothing, operation } from "../operation.ts";
import { password } from "./register.ts";

/** `INVALID_CREDENTIALS` if the password or the code is wrong, `NOT_FOUND` where none is enabled. */
export const disableTotp = operation({
  summary: "Lets the caller log in without codes again, and voids the recovery codes.",
  kind: "command",
  access: "signedIn",
  limit: { name: "passwordCheck" },
  route: { method: "POST", path: "/auth/totp/disable", status: 204 },
  input: z
    .strictObject({ password: password.optional(), code: totpCode.optional() })
    .refine((input) => Object.keys(input).length === 1, "must have one of password and code"),
  output: nothing,
});
