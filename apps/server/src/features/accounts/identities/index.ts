import type { Provider } from "@hubbub/contract";
import type { Operation } from "../../../operations/operation.ts";
import { SIGN_IN_SECONDS } from "../../../operations/sign-in-cookie.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Database } from "../../../ports/database.ts";
import type { Confirmation } from "../confirmation.ts";
import type { Keys } from "../refresh-tokens.ts";
import type { Sessions } from "../sessions.ts";
import { finishOidcOperation } from "./finish-oidc.ts";
import { type GoogleSettings, GoogleTokens } from "./google-tokens.ts";
import { Identities, type IdentitiesSettings } from "./identities.ts";
import { linkIdentityOperation } from "./link-identity.ts";
import { listIdentitiesOperation } from "./list-identities.ts";
import { listProvidersOperation } from "./list-providers.ts";
import { OidcProviderClient, type OidcProviderSettings } from "./oidc-provider-client.ts";
import { SealedFlows } from "./sealed-flow.ts";
import { signInWithGoogleOperation } from "./sign-in-with-google.ts";
import { startOidcOperation } from "./start-oidc.ts";
import { unlinkIdentityOperation } from "./unlink-identity.ts";

export interface ProviderSettings {
  readonly google?: GoogleSettings | undefined;
  readonly oidc?: { readonly publicUrl: string; readonly providers: readonly OidcProviderSettings[] } | undefined;
}

export interface IdentityDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly confirmation: Confirmation;
  readonly flowKeys: Keys;
  readonly settings: IdentitiesSettings & { readonly providers: ProviderSettings };
  readonly onProviderFailure: (provider: string, error: unknown) => void;
}

/** Signing in by a provider's word. */
export function identityOperations({
  db,
  clock,
  sessions,
  confirmation,
  flowKeys,
  settings,
  ...deps
}: IdentityDeps): Operation[] {
  const { google: googleSettings, oidc } = settings.providers;
  const google = googleSettings && new GoogleTokens(googleSettings);
  const clients = (oidc?.providers ?? []).map((each) => new OidcProviderClient(each, oidc?.publicUrl ?? ""));
  const providers = new Map(clients.map((client) => [client.id, client]));
  const identities = new Identities(db, settings);
  const listed = clients.map(({ id, name }): Provider => ({ id, name, flow: "redirect" }));
  if (google !== undefined && !providers.has("google")) listed.push({ id: "google", name: "Google", flow: "idToken" });
  const oidcDeps = { ...deps, providers, flows: new SealedFlows(flowKeys, clock, SIGN_IN_SECONDS) };
  return [
    listProvidersOperation(listed),
    signInWithGoogleOperation({ google, identities, sessions }),
    startOidcOperation(oidcDeps),
    finishOidcOperation({ ...oidcDeps, identities, sessions }),
    listIdentitiesOperation(db),
    linkIdentityOperation({ ...oidcDeps, google, identities, confirmation }),
    unlinkIdentityOperation(identities),
  ];
}
