import { z } from "zod";
import { passkeyRequest } from "../objects/passkey.ts";
import { operation } from "../operation.ts";

/** The same for everyone: who logs in, the passkey tells. */
export const startPasskeyLogin = operation({
  summary: "What a browser needs to ask for a passkey, for the next 5 minutes.",
  kind: "query",
  access: "public",
  route: { method: "POST", path: "/auth/passkeys/login/start", status: 200 },
  input: z.strictObject({}),
  output: z.object({ options: passkeyRequest }),
});
