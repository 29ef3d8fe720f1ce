import { afterEach, beforeEach, expect, test } from "bun:test";
import { newDeviceId, operations, type UserId } from "@hubbub/contract";
import { generateSync } from "otplib";
import type { Actor } from "../../../ports/actor.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { seededRandom, testSeed } from "../../../testing/seeded-random.ts";
import { openAccounts } from "../../../testing/test-accounts.ts";
import { fromHere } from "../../../testing/test-node.ts";
import type { Accounts } from "../index.ts";

const password = "correct horse battery";
const DAY = 24 * 60 * 60 * 1000;

let store: TestDatabase;
let accounts: Accounts;
/** Milliseconds since 1970; only the test moves it. */
let now: number;

const open = (...keys: readonly [string, ...string[]]) => openAccounts({ store, now: () => now, keys });

beforeEach(async () => {
  store = await createTestDatabase();
  now = Math.floor(Date.now() / 30_000) * 30_000; // at the beginning of a time step
  accounts = await open("first");
});

afterEach(() => store.drop());

/** The body of an answer, or the code of its failure. */
async function call(row: unknown, input: object, actor?: Actor) {
  const operation = accounts.operations.find((each) => each.row === row);
  if (operation === undefined) throw new Error("there is no such operation");
  const result = await operation.call(input, actor, fromHere);
  return result.ok ? { body: Object(result.value.rest.body) } : { code: result.failure.code, body: {} };
}

const login = (secret = password) =>
  call(operations.login, { login: "ada", password: secret, deviceId: newDeviceId(), tokenDelivery: "body" });

const finish = (challenge: string, proof: object) =>
  call(operations.finishLogin, { challenge, ...proof, deviceId: newDeviceId(), tokenDelivery: "body" });

/** A challenge of a log-in with the right password. */
const challenge = async (): Promise<string> => (await login()).body.secondFactor.challenge;

interface Person {
  readonly actor: Actor;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

const codeAt = (secret: string, ms: number) => generateSync({ secret, epoch: Math.floor(ms / 1000) });
const wrongCode = (secret: string): string => {
  const right = [-60_000, -30_000, 0, 30_000, 60_000].map((off) => codeAt(secret, now + off));
  return ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !right.includes(code)) ?? "";
};

/** Someone whose log-ins need codes; the step of the code that enabled it is behind. */
async function withTotp(): Promise<Person> {
  await call(operations.register, { username: "ada", email: "ada@example.org", password });
  const actor = await accounts.authenticate((await login()).body.accessToken);
  if (actor === undefined) throw new Error("ada is not signed in");
  const { secret } = (await call(operations.setUpTotp, {}, actor)).body;
  const enabled = await call(operations.enableTotp, { code: codeAt(secret, now) }, actor);
  now += 60_000;
  return { actor, secret, recoveryCodes: enabled.body.recoveryCodes };
}

test("an app counts once a code has proved it; then a password alone gets a challenge and no tokens", async () => {
  await call(operations.register, { username: "ada", email: "ada@example.org", password });
  const actor = await accounts.authenticate((await login()).body.accessToken);
  expect((await call(operations.enableTotp, { code: "123456" }, actor)).code).toBe("CONFLICT");
  const { secret, uri } = (await call(operations.setUpTotp, {}, actor)).body;
  expect(uri).toStartWith("otpauth://totp/Hubbub:ada?");
  expect(uri).toContain(secret);
  expect((await call(operations.enableTotp, { code: wrongCode(secret) }, actor)).code).toBe("INVALID_CREDENTIALS");
  expect((await login()).body.accessToken).toBeString(); // not enabled yet
  const enabled = await call(operations.enableTotp, { code: codeAt(secret, now) }, actor);
  expect(enabled.body.recoveryCodes).toHaveLength(10);
  expect((await call(operations.setUpTotp, {}, actor)).code).toBe("CONFLICT");
  expect((await call(operations.getTotp, {}, actor)).body).toEqual({ enabled: true, recoveryCodesLeft: 10 });

  const asked = await login();
  expect(Object.keys(asked.body)).toEqual(["secondFactor"]);
  expect(asked.body.secondFactor).toMatchObject({ expiresIn: 300, methods: ["totp", "recoveryCode"] });
  expect((await login("not the password")).code).toBe("INVALID_CREDENTIALS");
});

test("the code that enabled the app, and each that was used, is refused; neighbours in time are taken, others not", async () => {
  const { secret } = await withTotp();
  const used = codeAt(secret, now);
  expect((await finish(await challenge(), { code: used })).body.accessToken).toBeString();
  expect((await finish(await challenge(), { code: used })).code).toBe("INVALID_CREDENTIALS");
  expect((await finish(await challenge(), { code: codeAt(secret, now - 30_000) })).code).toBe("INVALID_CREDENTIALS");
  expect((await finish(await challenge(), { code: codeAt(secret, now + 60_000) })).code).toBe("INVALID_CREDENTIALS");
  const ahead = ` ${codeAt(secret, now + 30_000).replace(/(...)/, "$1 ")}`;
  expect((await finish(await challenge(), { code: ahead })).body.accessToken).toBeString();
  now += 90_000;
  expect((await finish(await challenge(), { code: codeAt(secret, now - 30_000) })).body.accessToken).toBeString();
});

test("a challenge serves once, one account, for 5 minutes and 5 wrong codes, and dies with the password", async () => {
  const { secret, actor, recoveryCodes } = await withTotp();
  const [a = "", b = "", c = ""] = recoveryCodes;
  expect((await finish("no-challenge", { recoveryCode: a })).code).toBe("UNAUTHENTICATED");
  const late = await challenge();
  now += 5 * 60_000;
  expect((await finish(late, { recoveryCode: a })).code).toBe("UNAUTHENTICATED");
  const tried = await challenge();
  for (let tries = 0; tries < 5; tries++)
    expect((await finish(tried, { code: wrongCode(secret) })).code).toBe("INVALID_CREDENTIALS");
  expect((await finish(tried, { recoveryCode: a })).code).toBe("UNAUTHENTICATED");
  const once = await challenge();
  expect((await finish(once, { recoveryCode: a })).body.accessToken).toBeString();
  expect((await finish(once, { recoveryCode: b })).code).toBe("UNAUTHENTICATED");
  const before = await challenge();
  const change = { currentPassword: password, newPassword: "another horse battery" };
  expect((await call(operations.changePassword, change, actor)).code).toBeUndefined();
  expect((await finish(before, { recoveryCode: c })).code).toBe("INVALID_CREDENTIALS");
});

test("a recovery code serves once, however it is written; the others stay", async () => {
  const { recoveryCodes, actor } = await withTotp();
  const [first = ""] = recoveryCodes;
  for (const code of recoveryCodes) expect(code.replaceAll("-", "")).toMatch(/^[0-9a-hjkmnp-tv-z]{16}$/); // 80 bits
  expect(new Set(recoveryCodes).size).toBe(10);
  const written = ` ${first.replaceAll("-", " ").toUpperCase()}`;
  expect((await finish(await challenge(), { recoveryCode: written })).body.accessToken).toBeString();
  expect((await finish(await challenge(), { recoveryCode: first })).code).toBe("INVALID_CREDENTIALS");
  expect((await call(operations.getTotp, {}, actor)).body).toEqual({ enabled: true, recoveryCodesLeft: 9 });
});

test("after 20 wrong codes in a day no code of the app is judged, over all challenges; recovery codes are", async () => {
  const { secret, recoveryCodes } = await withTotp();
  for (let tries = 0; tries < 20; tries++)
    expect((await finish(await challenge(), { code: wrongCode(secret) })).code).toBe("INVALID_CREDENTIALS");
  expect((await finish(await challenge(), { code: codeAt(secret, now) })).code).toBe("RATE_LIMITED");
  expect((await finish(await challenge(), { recoveryCode: recoveryCodes[0] })).body.accessToken).toBeString();
  now += DAY;
  expect((await finish(await challenge(), { code: codeAt(secret, now) })).body.accessToken).toBeString();
}, 30_000);

test("of many uses of one code, one recovery code or one challenge at once exactly one gets tokens", async () => {
  const random = seededRandom(testSeed());
  const { secret, recoveryCodes } = await withTotp();
  for (const recoveryCode of recoveryCodes) {
    const proof = random() < 0.5 ? { recoveryCode } : { code: codeAt(secret, now) };
    const tries = 2 + Math.floor(random() * 4); // as many wrong ones as a challenge stands
    const shared = random() < 0.5 ? await challenge() : undefined;
    const challenges = await Promise.all(Array.from({ length: tries }, async () => shared ?? (await challenge())));
    const answers = await Promise.all(challenges.map((each) => finish(each, proof)));
    expect(answers.filter(({ body }) => body.accessToken !== undefined)).toHaveLength(1);
    now += DAY; // where wrong codes are counted anew
  }
}, 30_000);

test("codes go by the password or a code, and with them the recovery codes and log-ins under way", async () => {
  const { secret, actor, recoveryCodes } = await withTotp();
  const underWay = await challenge();
  const disable = (proof: object) => call(operations.disableTotp, proof, actor);
  expect((await disable({})).code).toBe("VALIDATION_FAILED");
  expect((await disable({ password: "not the password" })).code).toBe("INVALID_CREDENTIALS");
  expect((await disable({ code: wrongCode(secret) })).code).toBe("INVALID_CREDENTIALS");
  expect((await disable({ code: codeAt(secret, now) })).code).toBeUndefined();
  expect((await disable({ password })).code).toBe("NOT_FOUND");
  expect((await finish(underWay, { recoveryCode: recoveryCodes[0] })).code).toBe("UNAUTHENTICATED");
  expect((await login()).body.accessToken).toBeString();
  expect(await storedRows()).toEqual({ secrets: 0, codes: 0 });
});

test("setting up an app, and new recovery codes, need the password or a log-in of the last 10 minutes", async () => {
  const { actor, recoveryCodes } = await withTotp();
  const renew = (proof: object = {}) => call(operations.renewRecoveryCodes, proof, actor);
  const { recoveryCodes: renewed } = (await renew()).body;
  expect(renewed).toHaveLength(10);
  expect((await finish(await challenge(), { recoveryCode: recoveryCodes[0] })).code).toBe("INVALID_CREDENTIALS");
  expect((await finish(await challenge(), { recoveryCode: renewed[0] })).body.accessToken).toBeString();
  now += 10 * 60_000;
  expect((await renew()).code).toBe("FORBIDDEN");
  expect((await renew({ password: "not the password" })).code).toBe("INVALID_CREDENTIALS");
  expect((await call(operations.getTotp, {}, actor)).body).toEqual({ enabled: true, recoveryCodesLeft: 9 });
  expect((await renew({ password })).body.recoveryCodes).toHaveLength(10);
  expect((await call(operations.getTotp, {}, actor)).body).toEqual({ enabled: true, recoveryCodesLeft: 10 });

  await call(operations.disableTotp, { password }, actor);
  expect((await renew({ password })).code).toBe("NOT_FOUND");
  expect((await call(operations.setUpTotp, {}, actor)).code).toBe("FORBIDDEN");
  expect((await call(operations.setUpTotp, { password: "not the password" }, actor)).code).toBe("INVALID_CREDENTIALS");
  expect((await storedRows()).secrets).toBe(0);
  expect((await call(operations.setUpTotp, { password }, actor)).body.secret).toBeString();
});

test("secrets are encrypted for their account, survive a new server key, and are sealed by it within a day", async () => {
  const { secret, actor, recoveryCodes } = await withTotp();
  const { sealed } = await sealedOf(actor.userId);
  expect(Buffer.from(sealed).includes(secret)).toBe(false);
  const digests = await store.database.reads.kysely.selectFrom("recovery_codes").select("hash").execute();
  for (const { hash } of digests)
    for (const code of recoveryCodes) expect(Buffer.from(hash).includes(code)).toBe(false);

  accounts = await open("second", "first");
  expect((await finish(await challenge(), { code: codeAt(secret, now) })).body.accessToken).toBeString();
  await accounts.cleanUp(store.database.reads.kysely);
  accounts = await open("second");
  now += 60_000;
  expect((await finish(await challenge(), { code: codeAt(secret, now) })).body.accessToken).toBeString();

  // what is stored for one account is of no use for another's
  await call(operations.register, { username: "eve", email: "eve@example.org", password });
  const { id } = await store.database.reads.kysely
    .selectFrom("users")
    .select("id")
    .where("username", "=", "eve")
    .executeTakeFirstOrThrow();
  const moved = { user_id: id, sealed: (await sealedOf(actor.userId)).sealed, enabled_at: new Date(now) };
  await store.database.writer.kysely.insertInto("totp_secrets").values(moved).execute();
  const eve = await call(operations.login, { login: "eve", password, deviceId: newDeviceId() });
  const asEve = finish(eve.body.secondFactor.challenge, { code: codeAt(secret, now + 30_000) });
  await expect(asEve).rejects.toThrow("cannot be opened");
});

const sealedOf = (user: UserId) =>
  store.database.reads.kysely
    .selectFrom("totp_secrets")
    .select("sealed")
    .where("user_id", "=", user)
    .executeTakeFirstOrThrow();

async function storedRows() {
  const count = (table: "totp_secrets" | "recovery_codes") =>
    store.database.reads.kysely
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
  return { secrets: (await count("totp_secrets")).count, codes: (await count("recovery_codes")).count };
}
