import type { Config } from "../config/config.ts";
import { type Accounts, type AccountsSettings, createAccounts } from "../features/accounts/index.ts";
import { isLoopback } from "../operations/request-origin.ts";
import type { Parts } from "./parts.ts";

/** Made before the other slices: hubs and routes ask it who calls. */
export function createAccountsOn({ config, db, clock, hub, deriveKeys, onError }: Parts): Promise<Accounts> {
  return createAccounts({ db, clock, broadcaster: hub, settings: settingsOf(config), deriveKeys, onError });
}

function settingsOf({ host, registration, passwordMin, tokens }: Config): AccountsSettings {
  return {
    registration,
    passwordMin,
    accessTokenMinutes: tokens.accessMinutes,
    refreshTokenDays: tokens.refreshDays,
    issuer: tokens.issuer,
    audience: tokens.audience,
    hostIsLoopback: host === "localhost" || isLoopback(host),
  };
}
