import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { connectionLimits, rateLimits } from "@hubbub/contract";
import { isSecure, loadConfig } from "./config.ts";
import { settingNames } from "./env.ts";
import { StartError } from "./start-error.ts";

function refusal(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
  return "";
}

test("nothing set gives the documented defaults", () => {
  const config = loadConfig({});
  expect(config.host).toBe("127.0.0.1");
  expect(config.port).toBe(8080);
  expect(config.dataDirectory.path).toEndWith("/hubbub-data");
  expect(config.dataDirectory.explicit).toBe(false);
  expect(config.tokens).toEqual({ issuer: "hubbub", audience: "hubbub", accessMinutes: 15, refreshDays: 30 });
  expect(config.retentionDays).toBe(365);
  expect(config.passwordMin).toBe(12);
  expect(config.registration).toBe("open");
  expect(config.friendsOnly).toBe(false);
  expect(config.isTrustedProxy("127.0.0.1")).toBe(false);
});

test("an empty setting counts as absent", () => {
  expect(loadConfig({ PORT: "", HUBBUB_SECRET_KEY: " " })).toMatchObject({ port: 8080, secretKey: undefined });
});

test("a bad setting is named with what is expected, in one line, and its value is not repeated", () => {
  const bad: Record<string, readonly string[]> = {
    PORT: ["65536", "-1", "80.5", "0x50", "http"],
    DATABASE_URL: ["mysql://root:sesame@db/x", "sesame"],
    HUBBUB_PUBLIC_URL: ["chat.example.org", "https://chat.example.org/path", "ftp://sesame"],
    HUBBUB_ALLOWED_ORIGINS: ["https://a.example,sesame"],
    HUBBUB_TRUST_PROXY: ["sesame", "10.0.0.0/33", "10.0.0.1/8/8"],
    HUBBUB_REGISTRATION: ["sesame"],
    HUBBUB_FRIENDS_ONLY: ["sesame", "1"],
    HUBBUB_LIMITS: [
      "sesame",
      "[]",
      '{"sesame":1}',
      '{"send":{"user":{"calls":0,"seconds":1}}}',
      '{"connections":{"user":"sesame"}}',
    ],
    SMTP_URL: ["mail.example.org", "http://sesame@mail.example.org"],
    HUBBUB_MAIL_FROM: ["sesame"],
    S3_ENDPOINT: ["s3.example.org", "ftp://sesame", "https://user:sesame@s3.example.org"],
    S3_BUCKET: ["Sesame", "x"],
    S3_REGION: ["se same"],
    HUBBUB_SECRET_KEY: ["sesame"],
    HUBBUB_SECRET_KEY_PREVIOUS: ["sesame"],
    HUBBUB_ACCESS_TOKEN_MINUTES: ["0"],
    HUBBUB_REFRESH_TOKEN_DAYS: ["366"],
    HUBBUB_RETENTION_DAYS: ["6", "forever"],
    HUBBUB_PASSWORD_MIN: ["7"],
    LOG_LEVEL: ["sesame"],
  };
  for (const [name, values] of Object.entries(bad)) {
    for (const value of values) {
      const message = refusal({ [name]: value });
      expect(message, `${name}=${value}`).toMatch(new RegExp(`^Bad setting. ${name}: expected `));
      expect(message).not.toContain("\n");
      expect(message).not.toContain("sesame");
    }
  }
});

test("an OpenID Connect provider has all its settings, a safe address and a place to come back to", () => {
  const acme = {
    HUBBUB_PUBLIC_URL: "https://chat.example.org",
    OIDC_PROVIDERS: "acme",
    OIDC_ACME_ISSUER: "https://login.example.org",
    OIDC_ACME_CLIENT_ID: "hubbub",
    OIDC_ACME_CLIENT_SECRET: "sesame",
  };
  expect(loadConfig(acme).oidcProviders).toMatchObject([{ id: "acme", name: "acme", clientId: "hubbub" }]);
  const bad: Record<string, Record<string, string>> = {
    HUBBUB_PUBLIC_URL: { HUBBUB_PUBLIC_URL: "" },
    OIDC_PROVIDERS: { OIDC_PROVIDERS: "acme,acme" },
    OIDC_ACME_ISSUER: { OIDC_ACME_ISSUER: "http://login.example.org" },
    OIDC_ACME_CLIENT_ID: { OIDC_ACME_CLIENT_ID: "" },
    OIDC_ACME_CLIENT_SECRET: { OIDC_ACME_CLIENT_SECRET: " " },
    OIDC_OTHER_NAME: { OIDC_OTHER_NAME: "sesame" },
  };
  for (const [name, change] of Object.entries(bad)) {
    const message = refusal({ ...acme, ...change });
    expect(message).toContain(`${name}: `);
    expect(message).not.toContain("sesame");
    expect(message).not.toContain("\n");
  }
});

test("a store that speaks S3 is told whole, and never lies on the server's own origin", () => {
  const store = { S3_BUCKET: "media", S3_ENDPOINT: "http://minio:9000/", S3_PUBLIC_URL: "https://files.example.org" };
  const credentials = { accessKeyId: "key", secretAccessKey: "sesame" };
  expect(loadConfig({}).s3).toBeUndefined();
  expect(loadConfig({ ...store, S3_ACCESS_KEY: "key", S3_SECRET_KEY: "sesame" }).s3).toEqual({
    endpoint: "http://minio:9000",
    publicUrl: "https://files.example.org",
    bucket: "media",
    region: "us-east-1",
    credentials,
  });
  const ofAmazon = { endpoint: "https://s3.eu-central-1.amazonaws.com", credentials: undefined };
  const { s3 } = loadConfig({ S3_BUCKET: "media", S3_REGION: "eu-central-1" });
  expect(s3).toMatchObject({ ...ofAmazon, publicUrl: ofAmazon.endpoint });
  const bad: Record<string, Record<string, string>> = {
    S3_BUCKET: { S3_BUCKET: "" },
    S3_SECRET_KEY: { S3_ACCESS_KEY: "key" },
    S3_ACCESS_KEY: { S3_SECRET_KEY: "sesame" },
    S3_PUBLIC_URL: { HUBBUB_PUBLIC_URL: "https://files.example.org" },
  };
  for (const [name, change] of Object.entries(bad)) {
    const message = refusal({ ...store, ...change });
    expect(message).toStartWith(`Bad setting. ${name}: expected `);
    expect(message).not.toContain("sesame");
  }
});

test("HTTPS takes a certificate and its key, and an address to match", () => {
  const tls = { TLS_CERT_FILE: "chat.crt", TLS_KEY_FILE: "chat.key" };
  expect(loadConfig({}).tls).toBeUndefined();
  expect(loadConfig(tls).tls).toEqual({ certFile: "chat.crt", keyFile: "chat.key" });
  const bad: Record<string, Record<string, string>> = {
    TLS_KEY_FILE: { TLS_KEY_FILE: "" },
    TLS_CERT_FILE: { TLS_CERT_FILE: "" },
    HUBBUB_PUBLIC_URL: { HUBBUB_PUBLIC_URL: "http://chat.example.org" },
  };
  for (const [name, change] of Object.entries(bad))
    expect(refusal({ ...tls, ...change })).toStartWith(`Bad setting. ${name}: expected `);
});

test("people come over HTTPS where the server speaks it itself, and where a proxy does", () => {
  expect(isSecure(loadConfig({}))).toBe(false);
  expect(isSecure(loadConfig({ HUBBUB_PUBLIC_URL: "http://chat.example.org" }))).toBe(false);
  expect(isSecure(loadConfig({ HUBBUB_PUBLIC_URL: "https://chat.example.org" }))).toBe(true);
  expect(isSecure(loadConfig({ TLS_CERT_FILE: "chat.crt", TLS_KEY_FILE: "chat.key" }))).toBe(true);
});

test("limits are the contract's, but for the cells that are given, or off", () => {
  const contracts = { rates: rateLimits, connections: connectionLimits };
  expect(loadConfig({}).limits).toEqual(contracts);
  expect(loadConfig({ HUBBUB_LIMITS: "off" }).limits).toBeUndefined();
  const user = { calls: 7, seconds: 2 };
  expect(loadConfig({ HUBBUB_LIMITS: JSON.stringify({ login: { user }, connections: { user: 3 } }) }).limits).toEqual({
    rates: { ...rateLimits, login: { ...rateLimits.login, user } },
    connections: { ...connectionLimits, user: 3 },
  });
});

test("an unknown name of ours is a mistake; the test runner's are not", () => {
  expect(refusal({ HUBBUB_REGISTRATON: "closed" })).toContain("HUBBUB_REGISTRATON: there is no such setting");
  expect(refusal({ HUBBUB_TEST_POSTGRES: "x", PATH: "/bin" })).toBe("");
});

test("trusted proxies are addresses, networks, everybody or nobody", () => {
  const { isTrustedProxy } = loadConfig({ HUBBUB_TRUST_PROXY: "10.0.0.0/8, ::1" });
  expect(["10.1.2.3", "::ffff:10.1.2.3", "::1"].map(isTrustedProxy)).toEqual([true, true, true]);
  expect(["11.0.0.1", "::2", "127.0.0.1"].map(isTrustedProxy)).toEqual([false, false, false]);
  expect(loadConfig({ HUBBUB_TRUST_PROXY: "true" }).isTrustedProxy("192.0.2.1")).toBe(true);
});

test(".env.example lists exactly the settings there are, with a sentence each", async () => {
  const example = await readFile(new URL("../../../../.env.example", import.meta.url), "utf8");
  const listed = [...example.matchAll(/^# .+\.\n#([A-Z0-9_]+)=/gm)].map((match) => match[1] ?? "");
  expect(listed.toSorted()).toEqual([...settingNames].toSorted());
  expect(example.match(/^#?[A-Z0-9_]+=/gm)).toHaveLength(settingNames.length);
});
