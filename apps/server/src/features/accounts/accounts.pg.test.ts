import { afterEach, beforeEach, expect, spyOn, test } from "bun:test";
import { createHmac } from "node:crypto";
import {
  type DeviceId,
  newDeviceId,
  newSessionId,
  operations,
  type SessionEnd,
  type SessionId,
} from "@hubbub/contract";
import { createLocalJWKSet, jwtVerify, SignJWT, UnsecuredJWT } from "jose";
import type { Origin } from "../../operations/operation.ts";
import type { Actor } from "../../ports/actor.ts";
import type { Database } from "../../ports/database.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { seededRandom, testSeed } from "../../testing/seeded-random.ts";
import { derivedKey, openAccounts } from "../../testing/test-accounts.ts";
import { fromHere } from "../../testing/test-node.ts";
import type { Accounts, AccountsSettings } from "./index.ts";

const password = "correct horse battery";

let store: TestDatabase;
let accounts: Accounts;
/** Milliseconds since 1970; only the test moves it. */
let now: number;
let ended: { readonly session: SessionId; readonly reason: SessionEnd }[];

const open = (
  settings: Partial<AccountsSettings> = {},
  keys: readonly [string, ...string[]] = ["test"],
  db: Database = store.database.reads.kysely,
) =>
  openAccounts({
    ...{ store, now: () => now, keys, db, settings },
    broadcaster: { endSession: (_user, session, reason) => void ended.push({ session, reason }) },
  });

beforeEach(async () => {
  store = await createTestDatabase();
  now = Date.now();
  ended = [];
  accounts = await open();
});

afterEach(() => store.drop());

/** The body of an answer, or the code of its failure. */
async function call(row: unknown, input: object, origin: Partial<Origin> = {}, actor?: Actor) {
  const operation = accounts.operations.find((each) => each.row === row);
  if (operation === undefined) throw new Error("there is no such operation");
  const result = await operation.call(input, actor, { ...fromHere, ...origin });
  return result.ok ? { rest: result.value.rest, body: Object(result.value.rest.body) } : { code: result.failure.code };
}

const register = (username: string, origin: Partial<Origin> = {}, more: object = {}) =>
  call(operations.register, { username, email: `${username}@example.org`, password, ...more }, origin);

const login = (name: string, deviceId: DeviceId = newDeviceId(), secret = password) =>
  call(operations.login, { login: name, password: secret, deviceId, tokenDelivery: "body" });

const refresh = (refreshToken: string, deviceId: DeviceId) => call(operations.refresh, { refreshToken, deviceId });

async function admins(): Promise<string[]> {
  const rows = await store.database.reads.kysely
    .selectFrom("users")
    .select("username")
    .where("is_admin", "=", true)
    .execute();
  return rows.map(({ username }) => username);
}

test("50 registrations at once on a new server make exactly one admin", async () => {
  const codes = await Promise.all(Array.from({ length: 50 }, async (_, i) => (await register(`person${i}`)).code));
  expect(codes).toEqual(codes.map(() => undefined));
  expect(await admins()).toHaveLength(1);
  expect(await accounts.setupCode()).toBeUndefined();
}, 30_000);

test("the first account is admin from loopback alone, or with the setup code, which later serves nobody", async () => {
  const afar = { isLoopback: false, address: "192.0.2.1" };
  await register("stranger", afar);
  expect(await admins()).toEqual([]);
  await register("neighbour"); // from loopback, but not the first
  expect(await admins()).toEqual([]);
  const setupCode = await accounts.setupCode();
  expect((await register("guesser", afar, { setupCode: "0".repeat(32) })).code).toBe("VALIDATION_FAILED");
  const several = ["one", "two", "three", "four"].map((name) => register(`admin-${name}`, afar, { setupCode }));
  expect((await Promise.all(several)).map(({ code }) => code)).toEqual(several.map(() => undefined));
  expect(await admins()).toHaveLength(1);
});

test("a server that listens to the world makes nobody admin for coming from loopback", async () => {
  accounts = await open({ hostIsLoopback: false });
  await register("ada");
  expect(await admins()).toEqual([]);
});

test("a closed server takes its admin and then nobody", async () => {
  accounts = await open({ registration: "closed" });
  const setupCode = await accounts.setupCode();
  expect((await register("early", { isLoopback: false })).code).toBe("REGISTRATION_CLOSED");
  expect((await register("ada", { isLoopback: false }, { setupCode })).code).toBeUndefined();
  expect((await register("late")).code).toBe("REGISTRATION_CLOSED");
});

test("names and addresses are taken without regard to case, also when they race", async () => {
  const race = await Promise.all([register("Ada"), register("ADA"), register("ada")]);
  expect(race.map(({ code }) => code ?? "done").sort()).toEqual(["USERNAME_TAKEN", "USERNAME_TAKEN", "done"]);
  const sameMail = await call(operations.register, { username: "bob", email: "ADA@example.org", password });
  expect(sameMail.code).toBe("EMAIL_TAKEN");
  expect((await login("aDa")).code).toBeUndefined();
  expect((await login("Ada@Example.org")).code).toBeUndefined();
});

test("a wrong password and an unknown account are refused alike", async () => {
  await register("ada");
  expect((await login("ada", newDeviceId(), `${password}!`)).code).toBe("INVALID_CREDENTIALS");
  expect((await login("nobody")).code).toBe("INVALID_CREDENTIALS");
});

test("a log-in for nobody does the work of one with a wrong password: the same statements, one check of a hash of the same cost", async () => {
  const statements: string[] = [];
  const overheard = store.database.reads.kysely.withPlugin({
    transformQuery: ({ node }) => {
      statements.push(JSON.stringify(node, (key, value) => (key === "value" ? "…" : value)));
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  });
  await register("ada");
  await register("cid");
  // who signs in by a provider alone
  await store.database.writer.kysely
    .updateTable("users")
    .set({ password_hash: null })
    .where("username", "=", "cid")
    .execute();
  accounts = await open({}, ["test"], overheard);
  const verify = spyOn(Bun.password, "verify");
  const hash = spyOn(Bun.password, "hash");
  const workFor = async (name: string) => {
    for (const calls of [verify, hash]) calls.mockClear();
    statements.length = 0;
    expect((await login(name, newDeviceId(), "wrong horse battery")).code).toBe("INVALID_CREDENTIALS");
    const costs = verify.mock.calls.map(([, known]) => String(known).split("$").slice(0, 4).join("$"));
    return { statements: [...statements], costs, hashes: hash.mock.calls.length };
  };
  await workFor("nobody"); // the first makes the hash that all others are checked against
  const known = await workFor("ada");
  expect(known).toMatchObject({ costs: ["$argon2id$v=19$m=19456,t=2,p=1"], hashes: 0 });
  expect(known.statements).toHaveLength(1);
  for (const name of ["nobody", "cid"]) expect(await workFor(name)).toEqual(known);
  expect(await workFor("nobody@example.org")).toEqual(await workFor("ada@example.org"));
  for (const calls of [verify, hash]) calls.mockRestore();
});

test("a refresh token has one successor for 10 s, and then ends its family when it is used again", async () => {
  await register("ada");
  const deviceId = newDeviceId();
  const first = await login("ada", deviceId);
  const second = await refresh(first.body.refreshToken, deviceId);
  now += 9_999;
  expect((await refresh(first.body.refreshToken, deviceId)).body.refreshToken).toBe(second.body.refreshToken);
  expect((await refresh(second.body.refreshToken, newDeviceId())).code).toBe("UNAUTHENTICATED");
  now += 2;
  expect((await refresh(first.body.refreshToken, deviceId)).code).toBe("TOKEN_REUSED");
  expect(reasons()).toEqual(["tokenReused"]);
  expect((await refresh(second.body.refreshToken, deviceId)).code).toBe("UNAUTHENTICATED");
  expect(await accounts.authenticate(second.body.accessToken)).toBeUndefined();
  expect(await (await open()).authenticate(second.body.accessToken)).toBeUndefined(); // after a restart too
});

test("10,000 refreshes of one family, many at once, never leave two living successors", async () => {
  const random = seededRandom(testSeed());
  await register("ada");
  const deviceId = newDeviceId();
  let living: string = (await login("ada", deviceId)).body.refreshToken;
  /** The one before, whose successor it is. */
  let used: string | undefined;
  let usedAt = now;
  const unused = async () => {
    const query = store.database.reads.kysely.selectFrom("refresh_tokens").where("used_at", "is", null);
    return (await query.select((select) => select.fn.countAll<number>().as("count")).executeTakeFirst())?.count;
  };
  for (let done = 0; done < 10_000; ) {
    const again = now - usedAt <= 10_000 ? used : undefined;
    const asked = Array.from({ length: 1 + Math.floor(random() * 60) }, () => (random() < 0.3 && again) || living);
    const answers = await Promise.all(asked.map((token) => refresh(token, deviceId)));
    const given = (token: string) =>
      new Set(answers.flatMap(({ body }, i) => (asked[i] === token ? body.refreshToken : [])));
    if (again !== undefined) expect([...given(again)]).toEqual(asked.includes(again) ? [living] : []);
    const [next, ...others] = given(living);
    expect(others).toEqual([]);
    if (next !== undefined) [used, living, usedAt] = [living, next, now];
    expect(await unused()).toBe(1);
    done += asked.length;
    now += Math.floor(random() * 20_000);
  }
  now += 10_001;
  const late = await Promise.all(Array.from({ length: 20 }, () => refresh(used ?? "", deviceId)));
  expect(late.map(({ code }) => code).toSorted()[0]).toBe("TOKEN_REUSED");
  expect((await refresh(living, deviceId)).code).toBe("UNAUTHENTICATED");
}, 120_000);

test("a log-in on the same device ends the session before it; a log-out ends its own", async () => {
  await register("ada");
  const deviceId = newDeviceId();
  const old = await login("ada", deviceId);
  const other = await login("ada");
  const renewed = await login("ada", deviceId);
  expect(await accounts.authenticate(old.body.accessToken)).toBeUndefined();
  expect((await refresh(old.body.refreshToken, deviceId)).code).toBe("UNAUTHENTICATED");
  const actor = await accounts.authenticate(renewed.body.accessToken);
  expect(actor).toBeDefined();
  const out = await call(operations.logout, {}, {}, actor);
  expect(out.rest?.refreshCookie).toBeNull();
  expect(await accounts.authenticate(renewed.body.accessToken)).toBeUndefined();
  expect(await accounts.authenticate(other.body.accessToken)).toBeDefined();
  expect(reasons()).toEqual(["replaced", "signedOut"]);
});

test("pages get their refresh token in the cookie alone, and foreign pages nothing", async () => {
  await register("ada");
  const deviceId = newDeviceId();
  const credentials = { login: "ada", password, deviceId };
  const page = await call(operations.login, credentials, { site: "own" });
  expect(page.body.refreshToken).toBeUndefined();
  expect(page.rest?.refreshCookie).toBeString();
  const inBody = { ...credentials, tokenDelivery: "body" };
  expect((await call(operations.login, inBody, { site: "own" })).code).toBe("FORBIDDEN");
  expect((await call(operations.login, inBody, { site: "allowed" })).body.refreshToken).toBeString();
  for (const row of [operations.login, operations.refresh])
    expect((await call(row, row === operations.login ? credentials : { deviceId }, { site: "foreign" })).code).toBe(
      "FORBIDDEN",
    );
});

test("access tokens that are altered, expired, foreign, unsigned or of another kind are nobody's", async () => {
  await register("ada");
  const { body } = await login("ada");
  const good: string = body.accessToken;
  expect(await accounts.authenticate(good)).toBeDefined();
  const [header = "", payload = "", signature = ""] = good.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const seconds = Math.floor(now / 1000);
  const foreignKey = await crypto.subtle.generateKey("Ed25519", false, ["sign"]);
  const signed = (typ: string) =>
    new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", typ }).sign(foreignKey.privateKey);
  const confused = `${Buffer.from('{"alg":"HS256","typ":"at+jwt"}').toString("base64url")}.${payload}`;
  const bad = [
    "",
    "x",
    `${header}.${payload}.`,
    `${header}.${Buffer.from(JSON.stringify({ ...claims, exp: seconds + 99_999 })).toString("base64url")}.${signature}`,
    new UnsecuredJWT(claims).encode(),
    `${confused}.${createHmac("sha256", derivedKey("access token")).update(confused).digest("base64url")}`,
    await signed("at+jwt"),
    await signed("JWT"),
  ];
  for (const token of bad) expect(await accounts.authenticate(token)).toBeUndefined();
  for (const other of [{ issuer: "other" }, { audience: "other" }])
    expect(await (await open(other)).authenticate(good)).toBeUndefined();
  now += 15 * 60 * 1000 + 1000;
  expect(await accounts.authenticate(good)).toBeUndefined();
});

const reasons = () => ended.map(({ reason }) => reason);

async function actorOf(accessToken: string): Promise<Actor> {
  const actor = await accounts.authenticate(accessToken);
  if (actor === undefined) throw new Error("The token is not good");
  return actor;
}

test("one sees one's own sessions alone, ends one of them or all, and nobody else's", async () => {
  await register("ada");
  await register("bob");
  const [first, second, bobs] = [await login("ada"), await login("ada"), await login("bob")];
  const [ada, other, bob] = [
    await actorOf(first.body.accessToken),
    await actorOf(second.body.accessToken),
    await actorOf(bobs.body.accessToken),
  ];
  const listed = async () => {
    const { body } = await call(operations.listSessions, {}, {}, ada);
    const { items } = operations.listSessions.output.parse(body);
    return items.map(({ id, current }) => ({ id, current }));
  };
  const mine = { id: ada.sessionId, current: true };
  expect(await listed()).toEqual(expect.arrayContaining([mine, { id: other.sessionId, current: false }]));
  for (const sessionId of [bob.sessionId, newSessionId()])
    expect((await call(operations.revokeSession, { sessionId }, {}, ada)).code).toBe("NOT_FOUND");
  const revoked = await call(operations.revokeSession, { sessionId: other.sessionId }, {}, ada);
  expect(revoked.rest?.refreshCookie).toBeUndefined();
  expect(await listed()).toEqual([mine]);
  expect(await accounts.authenticate(second.body.accessToken)).toBeUndefined();
  expect((await call(operations.revokeSession, { sessionId: other.sessionId }, {}, ada)).code).toBe("NOT_FOUND");
  await login("ada");
  expect((await call(operations.logoutAll, {}, {}, ada)).rest?.refreshCookie).toBeNull();
  expect(await listed()).toEqual([]);
  expect(reasons()).toEqual(["revoked", "signedOut", "signedOut"]);
  expect(await accounts.authenticate(bobs.body.accessToken)).toBeDefined();
});

test("a new password takes the current one, ends all other sessions, and is not one that is guessed first", async () => {
  await register("ada");
  const [here, there] = [await login("ada"), await login("ada")];
  const actor = await actorOf(here.body.accessToken);
  const newPassword = "another horse battery";
  const change = (currentPassword: string, next = newPassword) =>
    call(operations.changePassword, { currentPassword, newPassword: next }, {}, actor);
  expect((await change("wrong horse battery")).code).toBe("INVALID_CREDENTIALS");
  for (const bad of ["short", "qwerty123456", "ada@EXAMPLE.org"])
    expect((await change(password, bad)).code).toBe("VALIDATION_FAILED");
  expect(ended).toEqual([]);
  const race = await Promise.all([change(password), change(password, "a third horse battery"), login("ada")]);
  expect(
    race
      .slice(0, 2)
      .map(({ code }) => code ?? "done")
      .sort(),
  ).toEqual(["INVALID_CREDENTIALS", "done"]);
  expect(reasons()).toContain("passwordChanged");
  expect(await accounts.authenticate(here.body.accessToken)).toBeDefined();
  expect(await accounts.authenticate(there.body.accessToken)).toBeUndefined();
  expect((await login("ada")).code).toBe("INVALID_CREDENTIALS");
  const raced = race[2].body?.accessToken; // by the old password: refused, or ended by the change
  expect(raced === undefined ? undefined : await accounts.authenticate(raced)).toBeUndefined();
}, 15_000);

test("a hub ticket is good once, for 30 s, for its hub and its living session, on any node", async () => {
  await register("ada");
  const { body } = await login("ada");
  const actor = await actorOf(body.accessToken);
  const ticket = async (hub?: string): Promise<string> =>
    (await call(operations.createHubTicket, hub === undefined ? {} : { hub }, {}, actor)).body.ticket;
  const good = await ticket();
  const node = await open();
  const uses = await Promise.all([1, 2, 3, 4].map(() => node.authenticateForHub(good, "chat")));
  expect(uses.filter((use) => use !== undefined)).toEqual([actor]);
  expect(await accounts.authenticate(await ticket())).toBeUndefined(); // not for REST
  const presence = await ticket("presence");
  expect(await accounts.authenticateForHub(presence, "chat")).toBeUndefined();
  expect(await accounts.authenticateForHub(presence, "presence")).toBeUndefined(); // tried elsewhere: used up
  const late = await ticket();
  now += 30_000;
  expect(await accounts.authenticateForHub(late, "chat")).toBeUndefined();
  const orphan = await ticket();
  await call(operations.logout, {}, {}, actor);
  expect(await accounts.authenticateForHub(orphan, "chat")).toBeUndefined();
});

test("a new secret key signs nobody out: tokens of the one before are good until they expire", async () => {
  await register("ada");
  const deviceId = newDeviceId();
  const first = await login("ada", deviceId);
  const second = await refresh(first.body.refreshToken, deviceId);
  accounts = await open({}, ["new", "test"]);
  expect(await accounts.authenticate(second.body.accessToken)).toBeDefined();
  const again = await refresh(first.body.refreshToken, deviceId); // a second tab, within 10 s
  expect(again.body.refreshToken).toBe(second.body.refreshToken);
  const third = await refresh(second.body.refreshToken, deviceId);
  accounts = await open({}, ["new"]);
  expect(await accounts.authenticate(second.body.accessToken)).toBeUndefined();
  expect(await accounts.authenticate(third.body.accessToken)).toBeDefined();
  expect((await refresh(third.body.refreshToken, deviceId)).code).toBeUndefined();
});

test("the published keys are public, and check the tokens of both keys", async () => {
  await register("ada");
  const old = (await login("ada")).body.accessToken;
  accounts = await open({}, ["new", "test"]);
  const { keys } = accounts.publicKeys;
  expect(keys.map(({ kty, crv, alg, use }) => ({ kty, crv, alg, use }))).toEqual(
    keys.map(() => ({ kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig" })),
  );
  expect(JSON.stringify(keys)).not.toContain('"d"');
  const published = createLocalJWKSet({ keys: [...keys] });
  for (const token of [old, (await login("ada")).body.accessToken])
    expect((await jwtVerify(token, published, { currentDate: new Date(now) })).payload.sub).toBeString();
});

test("a session that expires ends with its sockets; one that another node ended is heard of", async () => {
  await register("ada");
  const node = await open();
  const { body } = await login("ada");
  const renewed = await login("ada");
  await call(operations.logout, {}, {}, await actorOf(body.accessToken));
  ended = [];
  await node.sessionWatch.look();
  await node.sessionWatch.look();
  expect(reasons()).toEqual(["signedOut"]);
  expect(await node.authenticate(body.accessToken)).toBeUndefined();
  now += 30 * 24 * 60 * 60 * 1000;
  await accounts.sessionWatch.look();
  await node.sessionWatch.look();
  expect(reasons()).toEqual(["signedOut", "expired", "expired"]);
  expect(await accounts.authenticate(renewed.body.accessToken)).toBeUndefined();
});

test("clean-up keeps a family's tokens until it expires, so that a reuse is still seen", async () => {
  await register("ada");
  const deviceId = newDeviceId();
  const first = await login("ada", deviceId);
  const gone = await login("ada");
  const rows = async () => {
    const count = (table: "sessions" | "refresh_tokens" | "hub_tickets") =>
      store.database.reads.kysely
        .selectFrom(table)
        .select((select) => select.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
    return (await Promise.all([count("sessions"), count("refresh_tokens"), count("hub_tickets")])).map(
      (row) => row.count,
    );
  };
  await call(operations.createHubTicket, {}, {}, await actorOf(gone.body.accessToken));
  now += 29 * 24 * 60 * 60 * 1000;
  const second = await refresh(first.body.refreshToken, deviceId);
  await accounts.cleanUp(store.database.slow.kysely);
  expect(await rows()).toEqual([2, 3, 0]);
  now += 2 * 24 * 60 * 60 * 1000;
  await accounts.cleanUp(store.database.slow.kysely);
  expect(await rows()).toEqual([1, 2, 0]); // the one that was not used for 30 days is gone
  expect((await refresh(first.body.refreshToken, deviceId)).code).toBe("TOKEN_REUSED");
  expect((await refresh(second.body.refreshToken, deviceId)).code).toBe("UNAUTHENTICATED");
});

test("an access token is an EdDSA JWT that names account and session, and nothing that could be trusted wrongly", async () => {
  const registered = await register("ada");
  const { body } = await login("ada");
  const [header, claims] = String(body.accessToken)
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  expect(header).toEqual({ alg: "EdDSA", typ: "at+jwt", kid: expect.any(String) });
  const iat = Math.floor(now / 1000);
  const { sessionId } = await actorOf(body.accessToken);
  expect(claims).toEqual({
    sub: registered.body.user.id,
    sid: sessionId,
    jti: expect.any(String),
    iat,
    exp: iat + 15 * 60,
    iss: "hubbub",
    aud: "hubbub",
  });
  expect(body).toMatchObject({ tokenType: "Bearer", expiresIn: 15 * 60 });
});

test("the lives of tokens are settings, and after a refresh token's one signs in again", async () => {
  accounts = await open({ accessTokenMinutes: 60, refreshTokenDays: 7 });
  await register("ada");
  const deviceId = newDeviceId();
  const { body } = await login("ada", deviceId);
  expect(body.expiresIn).toBe(60 * 60);
  now += 59 * 60 * 1000;
  expect(await accounts.authenticate(body.accessToken)).toBeDefined();
  now += 7 * 24 * 60 * 60 * 1000;
  expect((await refresh(body.refreshToken, deviceId)).code).toBe("UNAUTHENTICATED");
  expect((await login("ada", deviceId)).code).toBeUndefined();
});

test("passwords, refresh tokens and tickets are kept as hashes alone", async () => {
  await register("ada");
  const deviceId = newDeviceId();
  const first = await login("ada", deviceId);
  const second = await refresh(first.body.refreshToken, deviceId);
  const ticket = await call(operations.createHubTicket, {}, {}, await actorOf(second.body.accessToken));
  const { kysely } = store.database.reads;
  const [user] = await kysely.selectFrom("users").selectAll().execute();
  const tokens = await kysely.selectFrom("refresh_tokens").selectAll().execute();
  const tickets = await kysely.selectFrom("hub_tickets").selectAll().execute();
  expect(user?.password_hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
  expect([...tokens, ...tickets].map(({ hash }) => hash.length)).toEqual([32, 32, 32]);
  const stored = JSON.stringify([
    user,
    ...[...tokens, ...tickets].map(({ hash }) => Buffer.from(hash).toString("latin1")),
  ]);
  for (const secret of [password, first.body.refreshToken, second.body.refreshToken, ticket.body.ticket]) {
    expect(Buffer.from(secret, "base64url").length).toBeGreaterThan(8);
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from(secret, "base64url").toString("latin1"));
  }
  expect(Buffer.from(first.body.refreshToken, "base64url")).toHaveLength(64);
});

test("where only invited people may register an invitation makes as many accounts as it says, until it is over", async () => {
  await register("ada");
  const { body: tokens } = await login("ada");
  const admin = await accounts.authenticate(tokens.accessToken);
  accounts = await open({ registration: "invite" });
  const asAdmin = (row: unknown, input: object) => call(row, input, {}, admin);
  const create = async (input: object) => (await asAdmin(operations.createRegistrationInvite, input)).body;
  const tryWith = async (username: string, inviteToken?: string) =>
    (await register(username, {}, inviteToken === undefined ? {} : { inviteToken })).code;
  expect(await tryWith("stranger")).toBe("REGISTRATION_CLOSED");
  expect(await tryWith("stranger", "x".repeat(43))).toBe("INVITE_EXPIRED");

  const three = await create({ maxUses: 3 });
  expect(Buffer.from(three.token, "base64url").length).toBeGreaterThanOrEqual(16);
  expect(await tryWith("ada", three.token)).toBe("USERNAME_TAKEN"); // and no use is spent
  const codes = await Promise.all(Array.from({ length: 8 }, (_, i) => tryWith(`guest${i}`, three.token)));
  expect(codes.filter((code) => code === undefined)).toHaveLength(3);
  expect(codes.filter((code) => code === "INVITE_EXPIRED")).toHaveLength(5);

  const hour = await create({ expiresInHours: 1 });
  now += 1; // or nothing says which is newer
  const revoked = await create({});
  const list = async () => (await asAdmin(operations.listRegistrationInvites, {})).body.items;
  expect(await list()).toEqual([revoked.invite, hour.invite]);
  expect(JSON.stringify(await list())).not.toContain(hour.token);
  const revoke = async () => (await asAdmin(operations.revokeRegistrationInvite, { inviteId: revoked.invite.id })).code;
  expect([await revoke(), await revoke()]).toEqual([undefined, "NOT_FOUND"]);
  expect(await tryWith("late", revoked.token)).toBe("INVITE_EXPIRED");
  now += 3_600_000;
  expect(await tryWith("late", hour.token)).toBe("INVITE_EXPIRED");
  const kept = JSON.stringify(
    await store.database.reads.kysely.selectFrom("registration_invites").selectAll().execute(),
  );
  expect(kept).not.toContain(hour.token);

  const guest = await login(`guest${codes.indexOf(undefined)}`);
  const member = await accounts.authenticate(guest.body?.accessToken ?? "");
  for (const row of [operations.createRegistrationInvite, operations.listRegistrationInvites])
    expect((await call(row, {}, {}, member)).code).toBe("FORBIDDEN");
}, 30_000);
