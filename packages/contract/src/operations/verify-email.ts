import { z } from "zod";
import { mailToken } from "../objects/mail-token.ts";
import { nothing, operation } from "../operation.ts";

/** Proves an address by the token of a link, once; a new address then takes the place of the old one. */
export const verifyEmail = operation({
  summary: "Proves an e-mail address by the token of a mailed link; a new one takes the old one's place.",
  kind: "command",
  access: "public",
  limit: { name: "passwordCheck" },
  route: { method: "POST", path: "/auth/email/verify", status: 204 },
  input: z.strictObject({ token: mailToken }),
  output: nothing,
});
