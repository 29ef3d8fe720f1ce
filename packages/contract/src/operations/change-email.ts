import { z } from "zod";
import { nothing, operation } from "../operation.ts";
import { email, password } from "./register.ts";

/**
 * Sends a link to a new address, which takes the old one's place once it is opened; the old one is told. Takes the
 * password, or a session that was begun within the last 10 minutes.
 */
export const changeEmail = operation({
  summary: "Asks for another e-mail address: it takes the old one's place once the link sent to it is opened.",
  kind: "command",
  access: "signedIn",
  limit: { name: "passwordCheck" },
  route: { method: "POST", path: "/auth/email/change", status: 204 },
  input: z.strictObject({ email, password: password.optional() }),
  output: nothing,
});
