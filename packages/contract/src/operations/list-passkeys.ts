import { z } from "zod";
import { passkey } from "../objects/passkey.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** The newest first. */
export const listPasskeys = operation({
  summary: "Lists the caller's passkeys, the newest first.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/auth/passkeys", status: 200 },
  input: z.strictObject(page),
  output: pageOf(passkey),
});
