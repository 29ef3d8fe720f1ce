import { z } from "zod";
import { nothing, operation } from "../operation.ts";

/** Sends the link that proves the caller's address once more; nothing is sent where it is proved. */
export const resendVerification = operation({
  summary: "Sends the link that proves the caller's e-mail address once more.",
  kind: "command",
  access: "signedIn",
  limit: { name: "mail" },
  route: { method: "POST", path: "/auth/email/verify/resend", status: 204 },
  input: z.strictObject({}),
  output: nothing,
});
