import { z } from "zod";
import { totpCode } from "../objects/second-factor.ts";
import { operation } from "../operation.ts";

/**
 * From now on the caller's log-ins by password need a code of the app that was set up. `INVALID_CREDENTIALS` for a wrong
 * code, `CONFLICT` where nothing was set up or it is enabled already.
 */
export const enableTotp = operation({
  summary: "Makes the caller's log-ins need codes of the app that was set up; gives recovery codes, once.",
  kind: "command",
  access: "signedIn",
  limit: { name: "passwordCheck" },
  route: { method: "POST", path: "/auth/totp/enable", status: 200 },
  input: z.strictObject({ code: totpCode }),
  output: z.object({
    /** Each stands in for one code of the app. They are not shown again. */
    recoveryCodes: z.array(z.string()),
  }),
});
