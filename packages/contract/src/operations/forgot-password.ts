import { z } from "zod";
import { nothing, operation } from "../operation.ts";
import { email } from "./register.ts";

/** Sends a link that sets a new password to the address, if it has an account. The answer is the same if it has none. */
export const forgotPassword = operation({
  summary: "Sends a link that sets a new password to an address, if it has an account; the answer does not tell.",
  kind: "command",
  access: "public",
  limit: { name: "mail", account: "email" },
  route: { method: "POST", path: "/auth/password/forgot", status: 204 },
  input: z.strictObject({ email }),
  output: nothing,
});
