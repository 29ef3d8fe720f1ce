import { resolve } from "node:path";
import { parseSettings, type Settings } from "./env.ts";
import type { CallLimits } from "./limits-setting.ts";
import type { OidcProvider } from "./oidc-providers.ts";
import { type S3Settings, s3SettingsOf } from "./s3-settings.ts";
import { type TlsSettings, tlsSettingsOf } from "./tls-settings.ts";

/** How many connections a kind of work may hold; each has its own pool, so that none waits behind another. */
export interface PoolSizes {
  /** Changes, in transactions. */
  readonly writer: number;
  /** Short queries. */
  readonly reads: number;
  /** Searches, exports, clean-up. */
  readonly slow: number;
}

/** Everything that can be set, parsed and complete. */
export interface Config {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Undefined: the port speaks HTTP, for this machine or a proxy that ends TLS. */
  readonly tls: TlsSettings | undefined;
  readonly dataDirectory: {
    /** Absolute. */
    readonly path: string;
    /** Whether the operator named it, rather than the default. */
    readonly explicit: boolean;
  };
  readonly database: {
    /** Undefined: the embedded PostgreSQL. */
    readonly url: string | undefined;
    readonly pools: PoolSizes;
  };
  /** Joins the nodes of a fleet; undefined: they hear of each other through the database. */
  readonly redisUrl: string | undefined;
  /** Origin under which people reach the server; undefined: the address it listens on. */
  readonly publicUrl: string | undefined;
  /** Origins of pages, besides our own, that may call the API. */
  readonly allowedOrigins: readonly string[];
  /** Whether forwarded headers sent by this address count. */
  readonly isTrustedProxy: (address: string) => boolean;
  readonly registration: Settings["HUBBUB_REGISTRATION"];
  /** Whether direct messages pass between friends alone. */
  readonly friendsOnly: boolean;
  readonly mail: {
    /** Undefined: mails go to the log. */
    readonly smtpUrl: string | undefined;
    /** Undefined: `hubbub@` the host of `publicUrl`. */
    readonly from: string | undefined;
  };
  /** Undefined: files that were uploaded lie in the data directory. */
  readonly s3: S3Settings | undefined;
  /** Undefined: nothing is bounded. */
  readonly limits: CallLimits | undefined;
  /** Undefined: the one kept in the data directory. */
  readonly secretKey: string | undefined;
  /** The one before it, during a rotation. */
  readonly previousSecretKey: string | undefined;
  readonly tokens: {
    readonly issuer: string;
    readonly audience: string;
    readonly accessMinutes: number;
    readonly refreshDays: number;
  };
  /** Days that messages are kept where a conversation says nothing of its own. */
  readonly retentionDays: number;
  /** Bytes of files that one person may have. */
  readonly mediaQuotaBytes: number;
  /** Fewest characters of a password. */
  readonly passwordMin: number;
  /** What whoever reads /metrics must bear; undefined: this machine alone may read them. */
  readonly metricsToken: string | undefined;
  /** Whose ID tokens Google makes for us; undefined: nobody signs in by them. */
  readonly googleClientId: string | undefined;
  readonly oidcProviders: readonly OidcProvider[];
  readonly logLevel: Settings["LOG_LEVEL"];
}

function proxyTest(trusted: Settings["HUBBUB_TRUST_PROXY"]): (address: string) => boolean {
  if (trusted === "none") return () => false;
  if (trusted === "any") return () => true;
  return (address) => {
    // A socket that listens on both families shows IPv4 peers as ::ffff:192.0.2.1.
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
    return trusted.check(plain, plain.includes(":") ? "ipv6" : "ipv4");
  };
}

/** Whether people come over HTTPS, here or at a proxy. */
export function isSecure({ tls, publicUrl }: Pick<Config, "tls" | "publicUrl">): boolean {
  return tls !== undefined || publicUrl?.startsWith("https:") === true;
}

/** An address that a person can open: the wildcards are not. @param port the one that was opened */
export function ownAddress({ tls, host }: Pick<Config, "tls" | "host">, port: number): string {
  const named = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `${tls === undefined ? "http" : "https"}://${named.includes(":") ? `[${named}]` : named}:${port}`;
}

/**
 * Reads the settings from the environment.
 * @param environment as `process.env`
 * @throws StartError when a setting is bad or unknown
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const settings = parseSettings(environment);
  return {
    host: settings.HOST,
    port: settings.PORT,
    tls: tlsSettingsOf(settings),
    dataDirectory: {
      path: resolve(settings.HUBBUB_DATA_DIR ?? "hubbub-data"),
      explicit: settings.HUBBUB_DATA_DIR !== undefined,
    },
    database: { url: settings.DATABASE_URL, pools: { writer: 4, reads: 6, slow: 2 } },
    redisUrl: settings.REDIS_URL,
    publicUrl: settings.HUBBUB_PUBLIC_URL,
    allowedOrigins: settings.HUBBUB_ALLOWED_ORIGINS,
    isTrustedProxy: proxyTest(settings.HUBBUB_TRUST_PROXY),
    registration: settings.HUBBUB_REGISTRATION,
    friendsOnly: settings.HUBBUB_FRIENDS_ONLY === "true",
    mail: { smtpUrl: settings.SMTP_URL, from: settings.HUBBUB_MAIL_FROM },
    s3: s3SettingsOf(settings),
    limits: settings.HUBBUB_LIMITS === "off" ? undefined : settings.HUBBUB_LIMITS,
    secretKey: settings.HUBBUB_SECRET_KEY,
    previousSecretKey: settings.HUBBUB_SECRET_KEY_PREVIOUS,
    tokens: {
      issuer: settings.HUBBUB_ISSUER,
      audience: settings.HUBBUB_AUDIENCE,
      accessMinutes: settings.HUBBUB_ACCESS_TOKEN_MINUTES,
      refreshDays: settings.HUBBUB_REFRESH_TOKEN_DAYS,
    },
    retentionDays: settings.HUBBUB_RETENTION_DAYS,
    mediaQuotaBytes: settings.HUBBUB_MEDIA_QUOTA_MB * 1024 * 1024,
    passwordMin: settings.HUBBUB_PASSWORD_MIN,
    metricsToken: settings.HUBBUB_METRICS_TOKEN,
    googleClientId: settings.GOOGLE_CLIENT_ID,
    oidcProviders: settings.oidcProviders,
    logLevel: settings.LOG_LEVEL,
  };
}
