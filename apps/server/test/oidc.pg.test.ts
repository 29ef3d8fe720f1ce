import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { Server } from "node:http";
import { newDeviceId } from "@hubbub/contract";
import Provider from "oidc-provider";
import { createTestDatabase } from "../src/testing/database.ts";
import { freePort, ServerProcess, temporaryDirectory } from "../src/testing/server-process.ts";

const password = "correct horse battery";
const clientSecret = `client-${crypto.randomUUID()}`;
const store = await createTestDatabase();
const data = temporaryDirectory();
const [port, providerPort] = [await freePort(), await freePort()];
const url = `http://127.0.0.1:${port}`;
const issuer = `http://127.0.0.1:${providerPort}`;
let server: ServerProcess;
let provider: Server | undefined;
/** What the provider says of everyone who signs in there. */
let claims: Record<string, unknown>;
/** Everything that must not be in the log. */
const secrets: string[] = [clientSecret];

beforeAll(async () => {
  const env = {
    PORT: String(port),
    DATABASE_URL: store.url,
    LOG_LEVEL: "trace",
    HUBBUB_PUBLIC_URL: url,
    OIDC_PROVIDERS: "acme",
    OIDC_ACME_ISSUER: issuer,
    OIDC_ACME_CLIENT_ID: "hubbub",
    OIDC_ACME_CLIENT_SECRET: clientSecret,
    OIDC_ACME_NAME: "Acme",
  };
  server = await ServerProcess.start({ dataDirectory: data.path, env });
});

afterEach(stopProvider);

afterAll(async () => {
  await server.stop();
  await store.drop();
  data.remove();
});

async function startProvider(): Promise<void> {
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: "hubbub",
        client_secret: clientSecret,
        redirect_uris: [`${url}/api/v1/auth/oidc/acme/callback`],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "preferred_username"] },
    cookies: { keys: ["test"] },
    pkce: { required: () => true },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...claims }) }),
  });
  provider = await new Promise((resolve) => {
    const listening = oidc.listen(providerPort, "127.0.0.1", () => resolve(listening));
  });
}

async function stopProvider(): Promise<void> {
  const stopping = provider;
  provider = undefined;
  stopping?.closeAllConnections();
  await new Promise<void>((resolve) => (stopping === undefined ? resolve() : stopping.close(() => resolve())));
}

/** A browser without a page: keeps cookies by host, follows redirects and fills the provider's forms. */
class Browser {
  readonly deviceId = newDeviceId();
  readonly #jars = new Map<string, Map<string, string>>();

  cookie(name: string): string | undefined {
    return this.#jar(url).get(name);
  }

  copyCookiesFrom(other: Browser): void {
    this.#jars.set(new URL(url).host, new Map(other.#jar(url)));
  }

  #jar(address: string): Map<string, string> {
    const { host } = new URL(address);
    const jar = this.#jars.get(host) ?? new Map<string, string>();
    this.#jars.set(host, jar);
    return jar;
  }

  async fetch(address: string, init: RequestInit = {}): Promise<Response> {
    const jar = this.#jar(address);
    const headers = new Headers(init.headers);
    headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(address, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = line.split(";")[0]?.split(/=(.*)/s) ?? [];
      if (value === "" || /max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** Follows from an address until our own server is asked for a page or, if wanted, for the callback. */
  async travel(from: string, as: string, stopAt: "page" | "callback" = "page"): Promise<string> {
    let address = from;
    let init: RequestInit = {};
    for (let step = 0; step < 20; step++) {
      const { origin, pathname } = new URL(address);
      if (origin === url && (stopAt === "callback" ? pathname.endsWith("/callback") : !pathname.startsWith("/api/")))
        return address;
      const response = await this.fetch(address, init);
      init = {};
      const location = response.headers.get("location");
      if (location !== null) {
        address = new URL(location, address).href;
        continue;
      }
      const html = await response.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1];
      const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1];
      if (prompt === undefined || action === undefined) throw new Error(`No way on from ${address}: ${html}`);
      address = new URL(action, address).href;
      init = { method: "POST", body: new URLSearchParams({ prompt, login: as, password: "any" }) };
    }
    throw new Error("The journey has no end");
  }

  signIn(as: string): Promise<string> {
    return this.travel(`${url}/api/v1/auth/oidc/acme/start?deviceId=${this.deviceId}`, as);
  }

  async post(path: string, json: object, token?: string, method = "POST") {
    const headers = new Headers({ "content-type": "application/json", origin: url });
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    const init = { method, headers, ...(method !== "GET" && { body: JSON.stringify(json) }) };
    const response = await this.fetch(`${url}/api/v1${path}`, init);
    const text = await response.text();
    return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
  }

  /** Who is signed in by the refresh cookie. */
  async resume() {
    const refresh = this.cookie("hubbub_refresh");
    if (refresh !== undefined) secrets.push(refresh);
    const { status, body } = await this.post("/auth/refresh", { deviceId: this.deviceId });
    return { status, user: body.user, token: body.accessToken };
  }
}

async function register(username: string, email: string): Promise<Browser> {
  const browser = new Browser();
  expect((await browser.post("/auth/register", { username, email, password })).status).toBe(201);
  expect((await browser.post("/auth/login", { login: username, password, deviceId: browser.deviceId })).status).toBe(
    200,
  );
  return browser;
}

const verifyEmail = (email: string) =>
  store.database.writer.kysely
    .updateTable("users")
    .set({ email_verified: true })
    .where("email_key", "=", email)
    .execute();

test("a provider that is down stops neither the start nor anyone for good", async () => {
  claims = { email: "down@example.org", email_verified: true, preferred_username: "Dörte Down" };
  const browser = new Browser();
  expect(await browser.signIn("down")).toBe(`${url}/login?signInError=UNAVAILABLE`);
  await startProvider();
  expect(await browser.signIn("down")).toBe(`${url}/`);
  expect((await browser.resume()).user).toMatchObject({ username: "dorte.down" });
  const { items } = (await browser.post("/auth/providers", {}, undefined, "GET")).body;
  expect(items).toEqual([{ id: "acme", name: "Acme", flow: "redirect" }]);
}, 30_000);

test("the first sign-in makes an account with a free name, the next finds it, also when many come at once", async () => {
  await startProvider();
  claims = { email: "ada@example.org", email_verified: true, preferred_username: "ada", name: "Ada L." };
  await register("ada", "someone@example.org");
  const browsers = Array.from({ length: 4 }, () => new Browser());
  const ends = await Promise.all(browsers.map((browser) => browser.signIn("ada-at-acme")));
  expect(ends).toEqual(ends.map(() => `${url}/`));
  const people = await Promise.all(browsers.map((browser) => browser.resume()));
  expect(new Set(people.map(({ user }) => user.id)).size).toBe(1);
  expect(people[0]?.user).toMatchObject({ username: "ada2", displayName: "Ada L." });
}, 30_000);

test("an address links accounts only when both sides have verified it", async () => {
  await startProvider();
  const owner = (await (await register("eve", "eve@example.org")).resume()).user;
  const attempt = async (verified: boolean) => {
    claims = { email: "Eve@Example.org", email_verified: verified };
    const browser = new Browser();
    return { end: await browser.signIn("eve-at-acme"), browser };
  };
  const refused = `${url}/login?signInError=EMAIL_TAKEN`;
  expect((await attempt(true)).end).toBe(refused);
  await verifyEmail("eve@example.org");
  expect((await attempt(false)).end).toBe(refused);
  const { end, browser } = await attempt(true);
  expect(end).toBe(`${url}/`);
  expect((await browser.resume()).user).toEqual(owner);
}, 30_000);

test("a signed-in person links and unlinks a provider, but never the last way to sign in", async () => {
  await startProvider();
  claims = { email: "bob.at.acme@example.org", email_verified: true };
  const bob = await register("bob", "bob@example.org");
  const { token, user } = await bob.resume();
  const { body } = await bob.post("/auth/identities/acme", {}, token);
  expect(await bob.travel(body.authorizationUrl, "bob-at-acme")).toBe(`${url}/?linked=acme`);
  const listed = await bob.post("/auth/identities", {}, token, "GET");
  expect(listed.body.items).toMatchObject([{ provider: "acme", email: "bob.at.acme@example.org" }]);
  const elsewhere = new Browser();
  expect(await elsewhere.signIn("bob-at-acme")).toBe(`${url}/`);
  expect((await elsewhere.resume()).user).toEqual(user);

  const mallory = await register("mallory", "mallory@example.org");
  const other = await mallory.resume();
  const taken = (await mallory.post("/auth/identities/acme", {}, other.token)).body;
  expect(await mallory.travel(taken.authorizationUrl, "bob-at-acme")).toBe(`${url}/?signInError=CONFLICT`);
  expect((await mallory.post("/auth/identities/acme", {}, other.token, "DELETE")).status).toBe(404);

  expect((await bob.post("/auth/identities/acme", {}, token, "DELETE")).status).toBe(204);
  const fresh = new Browser();
  await fresh.signIn("bob-at-acme"); // an account of its own now
  const alone = await fresh.resume();
  expect(alone.user.id).not.toBe(user.id);
  expect((await fresh.post("/auth/identities/acme", {}, alone.token, "DELETE")).body.code).toBe("CONFLICT");
  const wrong = await fresh.post("/auth/login", { login: alone.user.username, password, deviceId: newDeviceId() });
  expect(wrong.body.code).toBe("INVALID_CREDENTIALS");
}, 30_000);

test("a callback is good in the browser that began, for its state, once", async () => {
  await startProvider();
  claims = { email: "carol@example.org", email_verified: true };
  const [carol, thief] = [new Browser(), new Browser()];
  const start = `${url}/api/v1/auth/oidc/acme/start?deviceId=`;
  const callback = await carol.travel(start + carol.deviceId, "carol", "callback");
  secrets.push(new URL(callback).searchParams.get("code") ?? "");
  const endOf = async (browser: Browser, address: string) => {
    const response = await browser.fetch(address);
    expect(response.status).toBe(302);
    return response.headers.get("location");
  };
  expect(await endOf(thief, callback)).toBe("/login?signInError=UNAUTHENTICATED"); // no cookie
  await thief.fetch(start + thief.deviceId);
  expect(await endOf(thief, callback)).toBe("/login?signInError=INVALID_CREDENTIALS"); // another state
  const altered = new URL(callback);
  altered.searchParams.set("iss", "https://evil.example");
  thief.copyCookiesFrom(carol);
  expect(await endOf(thief, altered.href)).toBe("/login?signInError=INVALID_CREDENTIALS");
  thief.copyCookiesFrom(carol);
  expect(await endOf(carol, callback)).toBe("/");
  expect(await endOf(carol, callback)).toBe("/login?signInError=UNAUTHENTICATED"); // the cookie is used up
  expect(await endOf(thief, callback)).toBe("/login?signInError=INVALID_CREDENTIALS"); // the code is used up
  expect((await carol.resume()).status).toBe(200);
  expect(thief.cookie("hubbub_refresh")).toBeUndefined();
}, 30_000);

test("no code, secret or token of these journeys is in the log", () => {
  expect(secrets.length).toBeGreaterThan(5);
  expect(server.output).toContain("A sign-in failed");
  for (const secret of secrets) expect(server.output.includes(secret), secret).toBe(false);
});
