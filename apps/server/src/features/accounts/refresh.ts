import { operations } from "@hubbub/contract";
import { definePublicOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Sessions } from "./sessions.ts";
import { deliver, mayHaveTokenInBody, type TokenDelivery } from "./token-delivery.ts";

export interface RefreshDeps {
  readonly sessions: Sessions;
}

/** A token from the body is answered in the body, one from the cookie in the cookie. */
export function refreshOperation({ sessions }: RefreshDeps): Operation {
  return definePublicOperation(operations.refresh, {
    handle: async (input, origin) => {
      if (origin.site === "foreign") return fail("FORBIDDEN", "This site may not renew sessions here.");
      const delivery: TokenDelivery = input.refreshToken === undefined ? "cookie" : "body";
      if (delivery === "body" && !mayHaveTokenInBody(origin))
        return fail("FORBIDDEN", "Pages of this site have their refresh token in a cookie.");
      const token = input.refreshToken ?? origin.refreshCookie;
      if (token === undefined) return fail("UNAUTHENTICATED");
      const rotated = await sessions.rotate(token, input.deviceId);
      return rotated.ok ? ok({ grant: rotated.value, delivery }) : rotated;
    },
    rest: ({ grant, delivery }) => deliver(grant, delivery),
  });
}
