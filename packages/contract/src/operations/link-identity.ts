import { z } from "zod";
import { identity, providerId } from "../objects/identity.ts";
import { operation } from "../operation.ts";
import { idToken } from "./sign-in-with-google.ts";

/**
 * Links the caller's account with a provider: at once by an ID token of Google's, else by going to `authorizationUrl`,
 * from where the browser comes back to the callback.
 */
export const linkIdentity = operation({
  summary: "Links the caller's account with one at a provider.",
  kind: "command",
  access: "signedIn",
  route: { method: "POST", path: "/auth/identities/{provider}", status: 200 },
  input: z.strictObject({ provider: providerId, idToken: idToken.optional() }),
  output: z.union([z.object({ identity }), z.object({ authorizationUrl: z.url() })]),
});
