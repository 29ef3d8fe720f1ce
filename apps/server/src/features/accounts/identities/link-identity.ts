import { type Identity, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok, type Result } from "../../../operations/result.ts";
import type { GoogleTokens } from "./google-tokens.ts";
import type { Identities } from "./identities.ts";
import type { OidcDeps } from "./start-oidc.ts";

export interface LinkIdentityDeps extends OidcDeps {
  readonly google: GoogleTokens | undefined;
  readonly identities: Identities;
}

type Outcome =
  | { readonly kind: "linked"; readonly identity: Identity }
  | { readonly kind: "goOn"; readonly authorizationUrl: string; readonly signInCookie: string };

export function linkIdentityOperation({ google, identities, ...deps }: LinkIdentityDeps): Operation {
  return defineOperation(operations.linkIdentity, {
    handle: async ({ provider: id, idToken }, { userId }, origin): Promise<Result<Outcome>> => {
      if (origin.site === "foreign") return fail("FORBIDDEN", "This site may not link accounts here.");
      if (idToken !== undefined) {
        if (id !== "google" || google === undefined) return fail("NOT_FOUND");
        const profile = await google.verify(idToken);
        if (profile === undefined) return fail("INVALID_CREDENTIALS", "Google does not vouch for this.");
        const linked = await identities.link(userId, profile);
        return linked.ok ? ok({ kind: "linked", identity: linked.value }) : linked;
      }
      const provider = deps.providers.get(id);
      if (provider === undefined) return fail("NOT_FOUND");
      try {
        const { url, checks } = await provider.begin();
        const flow = { provider: id, ...checks, aim: { purpose: "link" as const, userId } };
        return ok({ kind: "goOn", authorizationUrl: url, signInCookie: await deps.flows.seal(flow) });
      } catch (error) {
        deps.onProviderFailure(id, error);
        return fail("UNAVAILABLE", "The provider cannot be reached right now.");
      }
    },
    rest: (outcome) =>
      outcome.kind === "linked"
        ? { body: { identity: outcome.identity } }
        : { body: { authorizationUrl: outcome.authorizationUrl }, signInCookie: outcome.signInCookie },
  });
}
