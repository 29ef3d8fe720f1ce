import { z } from "zod";
import { operation } from "../operation.ts";
import { password } from "./register.ts";

/**
 * Makes a secret for an authenticator app, in the place of one that was not enabled. Log-ins need codes of it only once
 * it is enabled. Takes the password, or a session that was begun within the last 10 minutes. `CONFLICT` where one is
 * enabled already.
 */
export const setUpTotp = operation({
  summary: "Makes a secret for an authenticator app; log-ins need codes of it once it is enabled.",
  kind: "command",
  access: "signedIn",
  limit: { name: "passwordCheck" },
  route: { method: "POST", path: "/auth/totp/setup", status: 200 },
  input: z.strictObject({ password: password.optional() }),
  output: z.object({
    /** Base32, to type into an app. */
    secret: z.string(),
    /** The same as an `otpauth:` address, to show as a QR code. */
    uri: z.string(),
  }),
});
