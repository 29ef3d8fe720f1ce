import { z } from "zod";
import { displayName, user, username } from "../objects/user.ts";
import { operation } from "../operation.ts";
import { opaqueText } from "../text.ts";

/** At most 254 characters, the longest that SMTP can carry (RFC 5321). */
export const email = z.email().max(254);

/** The least length is a setting of the server; the most bounds the work of hashing. */
export const password = opaqueText(1024).min(1);

/** Makes an account. The very first one of a server becomes its admin under the rule of the setup code. */
export const register = operation({
  summary: "Makes an account.",
  kind: "command",
  access: "public",
  limit: { name: "registration" },
  route: { method: "POST", path: "/auth/register", status: 201 },
  input: z.strictObject({
    username,
    email,
    password,
    displayName: displayName.optional(),
    /** From the server's log: makes the first account admin when it does not come from the same machine. */
    setupCode: opaqueText(64).optional(),
    /** Of an invitation by an admin, where only invited people may register. */
    inviteToken: opaqueText(100).optional(),
  }),
  output: z.object({ user }),
});
