import { operations } from "@hubbub/contract";
import { definePublicOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok } from "../../../operations/result.ts";
import type { Sessions } from "../sessions.ts";
import { deliver, mayHaveTokenInBody } from "../token-delivery.ts";
import type { LoginChallenges } from "./login-challenges.ts";
import type { Proof } from "./second-factor.ts";

export interface FinishLoginDeps {
  readonly challenges: LoginChallenges;
  readonly sessions: Sessions;
}

export function finishLoginOperation({ challenges, sessions }: FinishLoginDeps): Operation {
  return definePublicOperation(operations.finishLogin, {
    handle: async (input, origin) => {
      if (origin.site === "foreign") return fail("FORBIDDEN", "This site may not sign people in here.");
      const delivery = input.tokenDelivery ?? "cookie";
      if (delivery === "body" && !mayHaveTokenInBody(origin))
        return fail("FORBIDDEN", "Pages of this site get their refresh token in a cookie.");
      const proof: Proof =
        input.code === undefined
          ? { kind: "recoveryCode", recoveryCode: input.recoveryCode ?? "" }
          : { kind: "code", code: input.code };
      const redeemed = await challenges.redeem(input.challenge, proof);
      if (!redeemed.ok) return redeemed;
      const grant = await sessions.begin(redeemed.value, input.deviceId, input.deviceName);
      return grant.ok ? ok({ grant: grant.value, delivery }) : grant;
    },
    rest: ({ grant, delivery }) => deliver(grant, delivery),
  });
}
