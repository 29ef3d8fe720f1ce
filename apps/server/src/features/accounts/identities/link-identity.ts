import { type Identity, operations, type UserId } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok, type Result } from "../../../operations/result.ts";
import type { Confirmation } from "../confirmation.ts";
import type { GoogleTokens } from "./google-tokens.ts";
import type { Identities } from "./identities.ts";
import type { OidcProviderClient } from "./oidc-provider-client.ts";
import type { OidcDeps } from "./start-oidc.ts";

export interface LinkIdentityDeps extends OidcDeps {
  readonly google: GoogleTokens | undefined;
  readonly identities: Identities;
  readonly confirmation: Confirmation;
}

type Outcome =
  | { readonly kind: "linked"; readonly identity: Identity }
  | { readonly kind: "goOn"; readonly authorizationUrl: string; readonly signInCookie: string };

export function linkIdentityOperation({ google, identities, confirmation, ...deps }: LinkIdentityDeps): Operation {
  return defineOperation(operations.linkIdentity, {
    handle: async ({ provider: id, idToken, password }, actor, origin): Promise<Result<Outcome>> => {
      if (origin.site === "foreign") return fail("FORBIDDEN", "This site may not link accounts here.");
      const verifier = idToken !== undefined && id === "google" ? google : undefined;
      const provider = idToken === undefined ? deps.providers.get(id) : undefined;
      if (verifier === undefined && provider === undefined) return fail("NOT_FOUND");
      const confirmed = await confirmation.of(actor, password);
      if (!confirmed.ok) return confirmed;
      const { userId } = actor;
      if (provider !== undefined) return goOn(deps, provider, userId);
      const profile = await verifier?.verify(idToken ?? "");
      if (profile === undefined) return fail("INVALID_CREDENTIALS", "Google does not vouch for this.");
      const linked = await identities.link(userId, profile);
      return linked.ok ? ok({ kind: "linked", identity: linked.value }) : linked;
    },
    rest: (outcome) =>
      outcome.kind === "linked"
        ? { body: { identity: outcome.identity } }
        : { body: { authorizationUrl: outcome.authorizationUrl }, signInCookie: outcome.signInCookie },
  });
}

async function goOn(
  { flows, onProviderFailure }: OidcDeps,
  provider: OidcProviderClient,
  userId: UserId,
): Promise<Result<Outcome>> {
  try {
    const { url, checks } = await provider.begin();
    const flow = { provider: provider.id, ...checks, aim: { purpose: "link" as const, userId } };
    return ok({ kind: "goOn", authorizationUrl: url, signInCookie: await flows.seal(flow) });
  } catch (error) {
    onProviderFailure(provider.id, error);
    return fail("UNAVAILABLE", "The provider cannot be reached right now.");
  }
}
