import { z } from "zod";
import { operation } from "../operation.ts";
import { password } from "./register.ts";

/**
 * New recovery codes in the place of the old ones. Takes the password, or a session that was begun within the last 10
 * minutes. `NOT_FOUND` where log-ins need no codes.
 */
export const renewRecoveryCodes = operation({
  summary: "Gives the caller new recovery codes, once, and voids the old ones.",
  kind: "command",
  access: "signedIn",
  limit: { name: "passwordCheck" },
  route: { method: "POST", path: "/auth/totp/recovery-codes", status: 200 },
  input: z.strictObject({ password: password.optional() }),
  output: z.object({
    /** Each stands in for one code of the app. They are not shown again. */
    recoveryCodes: z.array(z.string()),
  }),
});
