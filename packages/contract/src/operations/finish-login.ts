import { z } from "zod";
import { deviceId } from "../ids.ts";
import { recoveryCode, totpCode } from "../objects/second-factor.ts";
import { displayName } from "../objects/user.ts";
import { operation } from "../operation.ts";
import { opaqueText } from "../text.ts";
import { tokens } from "./login.ts";

/**
 * The second step of a log-in. `INVALID_CREDENTIALS` for a wrong code, of which a challenge stands five;
 * `UNAUTHENTICATED` for a challenge that is used up or expired: the log-in begins anew.
 */
export const finishLogin = operation({
  summary: "The second step of a log-in: begins the session by a code of an app, or a recovery code.",
  kind: "command",
  access: "public",
  limit: { name: "login" },
  route: { method: "POST", path: "/auth/login/second-factor", status: 200 },
  input: z
    .strictObject({
      challenge: opaqueText(200).min(1),
      code: totpCode.optional(),
      recoveryCode: recoveryCode.optional(),
      deviceId,
      deviceName: displayName.optional(),
      tokenDelivery: z.enum(["cookie", "body"]).optional(),
    })
    .refine((input) => "code" in input !== "recoveryCode" in input, "must have one of code and recoveryCode"),
  output: tokens,
});
