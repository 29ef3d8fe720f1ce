import { operations } from "@hubbub/contract";
import { definePublicOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok } from "../../../operations/result.ts";
import type { Sessions } from "../sessions.ts";
import { deliver, mayHaveTokenInBody } from "../token-delivery.ts";
import type { GoogleTokens } from "./google-tokens.ts";
import type { Identities } from "./identities.ts";

export interface SignInWithGoogleDeps {
  /** Undefined: the operator has not set it up. */
  readonly google: GoogleTokens | undefined;
  readonly identities: Identities;
  readonly sessions: Sessions;
}

export function signInWithGoogleOperation({ google, identities, sessions }: SignInWithGoogleDeps): Operation {
  return definePublicOperation(operations.signInWithGoogle, {
    handle: async (input, origin) => {
      if (google === undefined) return fail("NOT_FOUND");
      if (origin.site === "foreign") return fail("FORBIDDEN", "This site may not sign people in here.");
      const delivery = input.tokenDelivery ?? "cookie";
      if (delivery === "body" && !mayHaveTokenInBody(origin))
        return fail("FORBIDDEN", "Pages of this site get their refresh token in a cookie.");
      const profile = await google.verify(input.idToken);
      if (profile === undefined) return fail("INVALID_CREDENTIALS", "Google does not vouch for this.");
      const account = await identities.accountOf(profile);
      if (!account.ok) return account;
      const grant = await sessions.begin({ userId: account.value }, input.deviceId, input.deviceName);
      return grant.ok ? ok({ grant: grant.value, delivery }) : grant;
    },
    rest: ({ grant, delivery }) => deliver(grant, delivery),
  });
}
