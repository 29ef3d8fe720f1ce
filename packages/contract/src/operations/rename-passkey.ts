import { z } from "zod";
import { passkeyId } from "../ids.ts";
import { passkey } from "../objects/passkey.ts";
import { displayName } from "../objects/user.ts";
import { operation } from "../operation.ts";

export const renamePasskey = operation({
  summary: "Gives one of the caller's passkeys another name.",
  kind: "command",
  access: "signedIn",
  route: { method: "PATCH", path: "/auth/passkeys/{passkeyId}", status: 200 },
  input: z.strictObject({ passkeyId, name: displayName }),
  output: z.object({ passkey }),
});
