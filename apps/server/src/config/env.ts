import { Buffer } from "node:buffer";
import { BlockList, isIP } from "node:net";
import { limits } from "@hubbub/contract";
import { z } from "zod";
import { callLimits, defaultCallLimits } from "./limits-setting.ts";
import { type OidcProvider, parseOidcProviders } from "./oidc-providers.ts";
import { s3Complaints, s3SettingsShape } from "./s3-settings.ts";
import { StartError } from "./start-error.ts";
import { tlsComplaints, tlsSettingsShape } from "./tls-settings.ts";

/** Variables of this prefix belong to us, so an unknown one is a mistake. */
const ownPrefix = "HUBBUB_";
/** Set by the test runner for test files; a server started by one inherits them. */
const testPrefix = "HUBBUB_TEST_";

function wholeNumber(least: number, most: number, unit?: string) {
  const expected = `expected a whole number from ${least} to ${most}${unit === undefined ? "" : ` (${unit})`}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .refine((value) => value >= least && value <= most, expected);
}

function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, { error: `expected one of ${names.join(", ")}` });
}

function parseUrl(value: string, protocols: readonly string[]): URL | undefined {
  const url = URL.parse(value);
  return url !== null && protocols.includes(url.protocol) ? url : undefined;
}

/** An origin as browsers send it: scheme, host and port, nothing after. */
function parseOrigin(value: string): string | undefined {
  const url = parseUrl(value, ["http:", "https:"]);
  const bare = url !== undefined && url.pathname === "/" && url.search === "" && url.hash === "";
  return bare && url.username === "" && url.password === "" ? url.origin : undefined;
}

const origin = z.string().transform((value, context) => {
  const parsed = parseOrigin(value);
  if (parsed !== undefined) return parsed;
  context.addIssue("expected an address without a path, such as https://chat.example.org");
  return z.NEVER;
});

function splitList(value: string): string[] {
  return value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

const origins = z.string().transform((value, context) => {
  const parsed = splitList(value).map(parseOrigin);
  if (parsed.every((item) => item !== undefined)) return parsed;
  context.addIssue("expected addresses without a path, separated by commas, such as https://chat.example.org");
  return z.NEVER;
});

function addNetwork(networks: BlockList, text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  const family = version === 6 ? "ipv6" : "ipv4";
  const bits = prefix ?? (version === 6 ? "128" : "32");
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (version === 6 ? 128 : 32)) return false;
  networks.addSubnet(address, Number(bits), family);
  return true;
}

/** Whose forwarded headers count: nobody's, everybody's, or those of the listed networks. */
const trustedProxies = z.string().transform((value, context): "none" | "any" | BlockList => {
  if (value === "false") return "none";
  if (value === "true") return "any";
  const networks = new BlockList();
  if (splitList(value).every((item) => addNetwork(networks, item))) return networks;
  context.addIssue("expected true, false, or addresses separated by commas, such as 127.0.0.1,10.0.0.0/8");
  return z.NEVER;
});

const databaseUrl = z
  .string()
  .refine(
    (value) => parseUrl(value, ["postgres:", "postgresql:"]) !== undefined,
    "expected postgres://user:password@host:5432/database",
  );

const redisUrl = z
  .string()
  .refine((value) => parseUrl(value, ["redis:", "rediss:"]) !== undefined, "expected redis://user:password@host:6379");

const smtpUrl = z
  .string()
  .refine(
    (value) => parseUrl(value, ["smtp:", "smtps:"]) !== undefined,
    "expected smtp://user:password@mail.example.org:587",
  );

const secretKey = z.string().refine((value) => Buffer.byteLength(value) >= 32, "expected at least 32 bytes");

/** Every setting, with its default. `.env.example` explains each. */
const settings = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: wholeNumber(0, 65_535).default(8080),
  ...tlsSettingsShape,
  HUBBUB_DATA_DIR: z.string().optional(),
  DATABASE_URL: databaseUrl.optional(),
  REDIS_URL: redisUrl.optional(),
  HUBBUB_PUBLIC_URL: origin.optional(),
  HUBBUB_ALLOWED_ORIGINS: origins.default([]),
  HUBBUB_TRUST_PROXY: trustedProxies.default("none"),
  HUBBUB_REGISTRATION: oneOf(["open", "invite", "closed"]).default("open"),
  HUBBUB_FRIENDS_ONLY: oneOf(["true", "false"]).default("false"),
  HUBBUB_LIMITS: callLimits.default(defaultCallLimits),
  HUBBUB_SECRET_KEY: secretKey.optional(),
  HUBBUB_SECRET_KEY_PREVIOUS: secretKey.optional(),
  HUBBUB_ISSUER: z.string().default("hubbub"),
  HUBBUB_AUDIENCE: z.string().default("hubbub"),
  HUBBUB_ACCESS_TOKEN_MINUTES: wholeNumber(1, 1_440, "minutes").default(15),
  HUBBUB_REFRESH_TOKEN_DAYS: wholeNumber(1, 365, "days").default(30),
  HUBBUB_RETENTION_DAYS: wholeNumber(limits.retentionDays.least, 36_500, "days").default(365),
  HUBBUB_MEDIA_QUOTA_MB: wholeNumber(1, 100_000_000, "megabytes").default(10_240),
  HUBBUB_PASSWORD_MIN: wholeNumber(8, 128, "characters").default(12),
  HUBBUB_METRICS_TOKEN: z.string().min(16, "expected at least 16 characters").optional(),
  SMTP_URL: smtpUrl.optional(),
  HUBBUB_MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*@[^\r\n]+$/, "expected an e-mail address, such as Hubbub <chat@example.org>")
    .optional(),
  ...s3SettingsShape,
  GOOGLE_CLIENT_ID: z.string().optional(),
  OIDC_PROVIDERS: z.string().optional(),
  LOG_LEVEL: oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

export type Settings = z.output<typeof settings> & { readonly oidcProviders: readonly OidcProvider[] };

export const settingNames: readonly string[] = Object.keys(settings.shape);

/**
 * Reads every setting from the environment; an empty one counts as absent.
 * @throws StartError that names each bad setting and what was expected of it, and never repeats its value
 */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== "");
  const unknown = given
    .map(([name]) => name)
    .filter((name) => name.startsWith(ownPrefix) && !name.startsWith(testPrefix) && !settingNames.includes(name));
  const values = Object.fromEntries(given.map(([name, value]) => [name, value?.trim()]));
  const parsed = settings.safeParse(values);
  const oidc = parseOidcProviders(values);
  const issues = parsed.success ? [] : parsed.error.issues;
  const complaints = [
    ...unknown.map((name) => `${name}: there is no such setting (.env.example lists all)`),
    ...issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
    ...oidc.complaints,
    ...s3Complaints(values),
    ...tlsComplaints(values),
    ...(oidc.providers.length > 0 && values["HUBBUB_PUBLIC_URL"] === undefined
      ? ["HUBBUB_PUBLIC_URL: expected with OIDC_PROVIDERS, which send people back to it"]
      : []),
    ...(values["SMTP_URL"] !== undefined && values["HUBBUB_PUBLIC_URL"] === undefined
      ? ["HUBBUB_PUBLIC_URL: expected with SMTP_URL, as mails carry links to it"]
      : []),
  ];
  if (!parsed.success || complaints.length > 0) throw new StartError(`Bad setting. ${complaints.join("; ")}`);
  return { ...parsed.data, oidcProviders: oidc.providers };
}
