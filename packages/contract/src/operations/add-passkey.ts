import { z } from "zod";
import { newPasskeyCredential, passkey } from "../objects/passkey.ts";
import { displayName } from "../objects/user.ts";
import { operation } from "../operation.ts";

/** `VALIDATION_FAILED` for one that was not made by the options of `startPasskey`, `CONFLICT` for one that is known. */
export const addPasskey = operation({
  summary: "Keeps the passkey that a browser has made: the caller can log in by it from now on.",
  kind: "command",
  access: "signedIn",
  limit: { name: "passwordCheck" },
  route: { method: "POST", path: "/auth/passkeys", status: 201 },
  input: z.strictObject({ name: displayName, credential: newPasskeyCredential }),
  output: z.object({ passkey }),
});
