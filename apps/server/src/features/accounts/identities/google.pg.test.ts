import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { newDeviceId, operations } from "@hubbub/contract";
import {
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from "jose";
import type { Actor } from "../../../ports/actor.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { openAccounts } from "../../../testing/test-accounts.ts";
import { fromHere } from "../../../testing/test-node.ts";
import type { Accounts } from "../index.ts";

const clientId = "hubbub.apps.googleusercontent.com";
const password = "correct horse battery";
const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
const foreign = await generateKeyPair("RS256");

let store: TestDatabase;
let accounts: Accounts;

async function open(registration: "open" | "closed" = "open"): Promise<Accounts> {
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: "1", alg: "RS256", use: "sig" }] });
  return openAccounts({
    ...{ store, now: () => Date.now() },
    settings: { registration, providers: { google: { clientId, keys } } },
  });
}

beforeAll(async () => {
  store = await createTestDatabase();
});
afterAll(() => store.drop());
beforeEach(async () => {
  accounts = await open();
});

async function call(row: unknown, input: object, actor?: Actor) {
  const operation = accounts.operations.find((each) => each.row === row);
  if (operation === undefined) throw new Error("there is no such operation");
  const result = await operation.call(input, actor, fromHere);
  return result.ok ? { body: Object(result.value.rest.body) } : { code: result.failure.code };
}

const now = () => Math.floor(Date.now() / 1000);

function claimsOf(subject: string, change: JWTPayload = {}): JWTPayload {
  return {
    iss: "https://accounts.google.com",
    aud: clientId,
    sub: subject,
    iat: now(),
    exp: now() + 3600,
    email: `${subject}@example.org`,
    email_verified: true,
    ...change,
  };
}

const sign = (claims: JWTPayload, key = privateKey, kid = "1") =>
  new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid }).sign(key);

const signIn = (idToken: string) =>
  call(operations.signInWithGoogle, { idToken, deviceId: newDeviceId(), tokenDelivery: "body" });

async function actorOf(accessToken: string): Promise<Actor> {
  const actor = await accounts.authenticate(accessToken);
  if (actor === undefined) throw new Error("The token is not good");
  return actor;
}

test("Google's word makes an account at the first sign-in and finds it at the next, with the tokens of a log-in", async () => {
  const first = await signIn(await sign(claimsOf("grace", { name: "Grace H." })));
  expect(first.body).toMatchObject({ tokenType: "Bearer", user: { username: "grace", displayName: "Grace H." } });
  const again = await signIn(await sign(claimsOf("grace", { iss: "accounts.google.com", email: "new@example.org" })));
  expect(again.body.user).toEqual(first.body.user);
  const actor = await actorOf(again.body.accessToken);
  expect(actor.userId).toBe(first.body.user.id);
  const refreshed = await call(operations.refresh, { refreshToken: first.body.refreshToken, deviceId: newDeviceId() });
  expect(refreshed.code).toBe("UNAUTHENTICATED"); // bound to its device
});

test("ID tokens that are forged, expired, another's, unsigned or of an unverified address are refused alike", async () => {
  const good = claimsOf("heidi");
  const [, payload] = (await sign(good)).split(".");
  const header = Buffer.from('{"alg":"HS256","kid":"1"}').toString("base64url");
  const confused = createHmac("sha256", await exportSPKI(publicKey))
    .update(`${header}.${payload}`)
    .digest("base64url");
  const { exp: _exp, ...endless } = good;
  const bad = [
    "x",
    "x.y.z",
    new UnsecuredJWT(good).encode(),
    `${header}.${payload}.${confused}`,
    await sign(good, foreign.privateKey),
    await sign(good, foreign.privateKey, "2"),
    await sign({ ...good, aud: "another.apps.googleusercontent.com" }),
    await sign({ ...good, iss: "https://evil.example" }),
    await sign({ ...good, exp: now() - 60 }),
    await sign(endless),
    await sign({ ...good, sub: "" }),
    await sign({ ...good, email_verified: false }),
    await sign({ ...good, email_verified: "true" }),
    await sign({ ...good, email: undefined }),
  ];
  for (const token of bad) expect((await signIn(token)).code).toBe("INVALID_CREDENTIALS");
  expect((await signIn(await sign(good))).code).toBeUndefined();
});

test("Google's word opens an account of the same address only when both sides have verified it", async () => {
  await call(operations.register, { username: "ivan", email: "ivan@example.org", password });
  const token = await sign(claimsOf("ivan"));
  expect((await signIn(token)).code).toBe("EMAIL_TAKEN");
  const db = store.database.writer.kysely;
  await db.updateTable("users").set({ email_verified: true }).where("username", "=", "ivan").execute();
  expect((await signIn(token)).body.user.username).toBe("ivan");
});

/** As if they had signed in more than 10 minutes ago. */
const beginEarlier = ({ sessionId }: Actor) =>
  store.database.writer.kysely
    .updateTable("sessions")
    .set({ created_at: new Date(Date.now() - 11 * 60_000) })
    .where("id", "=", sessionId)
    .execute();

test("one account has a password and Google beside it, and neither the last way nor another's is given away", async () => {
  await call(operations.register, { username: "judy", email: "judy@home.example", password });
  const credentials = { login: "judy", password, deviceId: newDeviceId() };
  const actor = await actorOf((await call(operations.login, credentials)).body.accessToken);
  const idToken = await sign(claimsOf("judy"));
  await beginEarlier(actor);
  expect((await call(operations.linkIdentity, { provider: "google", idToken }, actor)).code).toBe("FORBIDDEN");
  const withWrong = { provider: "google", idToken, password: "not the password" };
  expect((await call(operations.linkIdentity, withWrong, actor)).code).toBe("INVALID_CREDENTIALS");
  expect((await call(operations.listIdentities, {}, actor)).body.items).toEqual([]);
  const linked = await call(operations.linkIdentity, { provider: "google", idToken, password }, actor);
  expect(linked.body.identity).toMatchObject({ provider: "google", email: "judy@example.org" });
  expect((await signIn(idToken)).body.user.username).toBe("judy");
  expect((await call(operations.login, credentials)).code).toBeUndefined();
  const second = { provider: "google", idToken: await sign(claimsOf("judy-2")), password };
  expect((await call(operations.linkIdentity, second, actor)).code).toBe("CONFLICT");

  const ken = await actorOf((await signIn(await sign(claimsOf("ken")))).body.accessToken);
  expect((await call(operations.linkIdentity, { provider: "google", idToken }, ken)).code).toBe("CONFLICT");
  expect((await call(operations.unlinkIdentity, { provider: "google" }, ken)).code).toBe("CONFLICT");
  expect((await call(operations.login, { ...credentials, login: "ken" })).code).toBe("INVALID_CREDENTIALS");
  expect((await call(operations.changePassword, { currentPassword: "-", newPassword: password }, ken)).code).toBe(
    "INVALID_CREDENTIALS",
  );

  expect((await call(operations.unlinkIdentity, { provider: "google" }, actor)).code).toBeUndefined();
  expect((await call(operations.listIdentities, {}, actor)).body).toEqual({ items: [], nextCursor: null });
  expect((await call(operations.unlinkIdentity, { provider: "google" }, actor)).code).toBe("NOT_FOUND");
});

test("a closed server takes nobody new by Google's word", async () => {
  accounts = await open("closed");
  expect((await signIn(await sign(claimsOf("late")))).code).toBe("REGISTRATION_CLOSED");
});
