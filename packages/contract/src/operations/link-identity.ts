import { z } from "zod";
import { identity, providerId } from "../objects/identity.ts";
import { operation } from "../operation.ts";
import { password } from "./register.ts";
import { idToken } from "./sign-in-with-google.ts";

/**
 * Links the caller's account with a provider: at once by an ID token of Google's, else by going to `authorizationUrl`,
 * from where the browser comes back to the callback. Takes the password, or a session that was begun within the last 10
 * minutes.
 */
export const linkIdentity = operation({
  summary: "Links the caller's account with one at a provider.",
  kind: "command",
  access: "signedIn",
  limit: { name: "passwordCheck" },
  route: { method: "POST", path: "/auth/identities/{provider}", status: 200 },
  input: z.strictObject({ provider: providerId, idToken: idToken.optional(), password: password.optional() }),
  output: z.union([z.object({ identity }), z.object({ authorizationUrl: z.url() })]),
});
