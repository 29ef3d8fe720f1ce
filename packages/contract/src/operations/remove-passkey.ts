import { z } from "zod";
import { passkeyId } from "../ids.ts";
import { nothing, operation } from "../operation.ts";

/** `CONFLICT` for the last way to sign in to the account. */
export const removePasskey = operation({
  summary: "Removes a passkey, unless it is the last way to sign in.",
  kind: "command",
  access: "signedIn",
  route: { method: "DELETE", path: "/auth/passkeys/{passkeyId}", status: 204 },
  input: z.strictObject({ passkeyId }),
  output: nothing,
});
