import { createRemoteJWKSet } from "jose";
import type { Config } from "../config/config.ts";
import { type Accounts, type AccountsSettings, createAccounts, GOOGLE_KEYS } from "../features/accounts/index.ts";
import { isLoopback } from "../operations/request-origin.ts";
import type { Parts } from "./parts.ts";

/** Made before the other slices: hubs and routes ask it who calls. */
export function createAccountsOn({ config, db, clock, hub, deriveKeys, onError, logger }: Parts): Promise<Accounts> {
  return createAccounts({
    db,
    clock,
    broadcaster: hub,
    settings: settingsOf(config),
    deriveKeys,
    onError,
    onProviderFailure: (provider, error) =>
      // the message alone: what libraries attach to an error may hold codes and tokens
      logger.warn({ provider, reason: error instanceof Error ? error.message : "unknown" }, "A sign-in failed"),
  });
}

function settingsOf(config: Config): AccountsSettings {
  const { host, registration, passwordMin, tokens, publicUrl, googleClientId, oidcProviders } = config;
  return {
    registration,
    passwordMin,
    accessTokenMinutes: tokens.accessMinutes,
    refreshTokenDays: tokens.refreshDays,
    issuer: tokens.issuer,
    audience: tokens.audience,
    hostIsLoopback: host === "localhost" || isLoopback(host),
    providers: {
      google:
        googleClientId === undefined
          ? undefined
          : { clientId: googleClientId, keys: createRemoteJWKSet(new URL(GOOGLE_KEYS)) },
      oidc: publicUrl === undefined ? undefined : { publicUrl, providers: oidcProviders },
    },
  };
}
