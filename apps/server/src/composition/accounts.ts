import { createRemoteJWKSet } from "jose";
import type { Logger } from "pino";
import { type Config, ownAddress } from "../config/config.ts";
import {
  type Accounts,
  type AccountsSettings,
  createAccounts,
  GOOGLE_KEYS,
  relyingPartyOf,
} from "../features/accounts/index.ts";
import { LogMailer } from "../infrastructure/mail/log-mailer.ts";
import { SmtpMailer } from "../infrastructure/mail/smtp-mailer.ts";
import { isLoopback } from "../operations/request-origin.ts";
import type { Mailer } from "../ports/mailer.ts";
import type { Parts } from "./parts.ts";

/** Made before the other slices: hubs and routes ask it who calls. */
export function createAccountsOn({
  config,
  db,
  clock,
  hub,
  outbox,
  deriveKeys,
  onError,
  logger,
}: Parts): Promise<Accounts> {
  return createAccounts({
    db,
    clock,
    broadcaster: hub,
    outbox,
    settings: settingsOf(config),
    deriveKeys,
    onError,
    mailer: mailerOf(config, logger),
    onMailFailure: (about) =>
      logger.warn(about, about.givenUp ? "A mail was given up" : "A mail could not be sent yet"),
    onProviderFailure: (provider, error) =>
      // the message alone: what libraries attach to an error may hold codes and tokens
      logger.warn({ provider, reason: error instanceof Error ? error.message : "unknown" }, "A sign-in failed"),
  });
}

function mailerOf({ mail, publicUrl }: Config, logger: Logger): Mailer {
  if (mail.smtpUrl === undefined) return new LogMailer((letter, note) => logger.info(letter, note));
  const from = mail.from ?? `Hubbub <hubbub@${new URL(publicUrl ?? "http://localhost").hostname}>`;
  return new SmtpMailer({ url: mail.smtpUrl, from });
}

function settingsOf(config: Config): AccountsSettings {
  const { host, registration, passwordMin, tokens, publicUrl, allowedOrigins, googleClientId, oidcProviders } = config;
  return {
    registration,
    // without a public address people reach it where it listens
    publicUrl: publicUrl ?? ownAddress(config, config.port),
    passwordMin,
    accessTokenMinutes: tokens.accessMinutes,
    refreshTokenDays: tokens.refreshDays,
    issuer: tokens.issuer,
    audience: tokens.audience,
    relyingParty: relyingPartyOf(publicUrl, allowedOrigins),
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
