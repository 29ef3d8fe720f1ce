import { operations } from "@hubbub/contract";
import { definePublicOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok } from "../../../operations/result.ts";
import type { Sessions } from "../sessions.ts";
import { deliver, mayHaveTokenInBody } from "../token-delivery.ts";
import type { Passkeys } from "./passkeys.ts";

export interface LoginWithPasskeyDeps {
  readonly passkeys: Passkeys;
  readonly sessions: Sessions;
}

export function loginWithPasskeyOperation({ passkeys, sessions }: LoginWithPasskeyDeps): Operation {
  return definePublicOperation(operations.loginWithPasskey, {
    handle: async (input, origin) => {
      if (origin.site === "foreign") return fail("FORBIDDEN", "This site may not sign people in here.");
      const delivery = input.tokenDelivery ?? "cookie";
      if (delivery === "body" && !mayHaveTokenInBody(origin))
        return fail("FORBIDDEN", "Pages of this site get their refresh token in a cookie.");
      const recognised = await passkeys.recognise(input.credential);
      if (!recognised.ok) return recognised;
      const grant = await sessions.begin({ userId: recognised.value }, input.deviceId, input.deviceName);
      return grant.ok ? ok({ grant: grant.value, delivery }) : grant;
    },
    rest: ({ grant, delivery }) => deliver(grant, delivery),
  });
}
