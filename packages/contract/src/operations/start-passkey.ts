import { z } from "zod";
import { passkeyCreation } from "../objects/passkey.ts";
import { operation } from "../operation.ts";
import { password } from "./register.ts";

/**
 * What a browser needs to make a passkey, for the next 5 minutes. Takes the password, or a session that was begun
 * within the last 10 minutes.
 */
export const startPasskey = operation({
  summary: "What a browser needs to make a passkey for the caller.",
  kind: "command",
  access: "signedIn",
  limit: { name: "passwordCheck" },
  route: { method: "POST", path: "/auth/passkeys/start", status: 200 },
  input: z.strictObject({ password: password.optional() }),
  output: z.object({ options: passkeyCreation }),
});
