import { z } from "zod";
import { providerId } from "../objects/identity.ts";
import { nothing, operation } from "../operation.ts";

/** `CONFLICT` for the last way to sign in to the account. */
export const unlinkIdentity = operation({
  summary: "Unlinks a provider, unless it is the last way to sign in.",
  kind: "command",
  access: "signedIn",
  route: { method: "DELETE", path: "/auth/identities/{provider}", status: 204 },
  input: z.strictObject({ provider: providerId }),
  output: nothing,
});
