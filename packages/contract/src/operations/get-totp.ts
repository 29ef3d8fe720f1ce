import { z } from "zod";
import { operation } from "../operation.ts";

/** Whether the caller's log-ins need a code. */
export const getTotp = operation({
  summary: "Whether the caller's log-ins need a code, and how many recovery codes are left.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/auth/totp", status: 200 },
  input: z.strictObject({}),
  output: z.object({ enabled: z.boolean(), recoveryCodesLeft: z.int() }),
});
