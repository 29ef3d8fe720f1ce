import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  limits,
  newDeviceId,
  newPasskeyId,
  type OperationOutput,
  type OperationRow,
  operations,
  type Passkey,
  type PasskeyCreation,
  type PasskeyRequest,
  type Tokens,
} from "@hubbub/contract";
import { generateSync } from "otplib";
import type { Operation } from "../../../operations/operation.ts";
import type { Actor } from "../../../ports/actor.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { type Lies, SoftwareAuthenticator } from "../../../testing/software-authenticator.ts";
import { openAccounts } from "../../../testing/test-accounts.ts";
import { fromHere } from "../../../testing/test-node.ts";
import type { Accounts } from "../index.ts";

const password = "correct horse battery";
const origin = "https://chat.example.org";

let store: TestDatabase;
let accounts: Accounts;
/** Milliseconds since 1970; only the test moves it. */
let now: number;

const open = (...keys: readonly [string, ...string[]]) => openAccounts({ store, now: () => now, keys });

beforeEach(async () => {
  store = await createTestDatabase();
  now = Date.now();
  accounts = await open("first");
});

afterEach(() => store.drop());

function find(row: OperationRow): Operation {
  const operation = accounts.operations.find((each) => each.row === row);
  if (operation === undefined) throw new Error("there is no such operation");
  return operation;
}

/** What is answered, parsed as a client does; a refusal is thrown as its code. */
async function call<Output>(row: OperationRow<unknown, Output>, input: object, actor?: Actor): Promise<Output> {
  const result = await find(row).call(input, actor, fromHere);
  if (!result.ok) throw new Error(result.failure.code);
  return row.output.parse(result.value.rest.body);
}

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "done",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

async function signedIn(tokens: Tokens): Promise<Actor> {
  const actor = await accounts.authenticate(tokens.accessToken);
  if (actor === undefined) throw new Error("the session is not good");
  return actor;
}

async function registered(username: string): Promise<Actor> {
  await call(operations.register, { username, email: `${username}@example.org`, password });
  const answer = await call(operations.login, { login: username, password, deviceId: newDeviceId() });
  if ("secondFactor" in answer) throw new Error("a second step is asked for");
  return signedIn(answer);
}

const creation = async (actor: Actor): Promise<PasskeyCreation> =>
  (await call(operations.startPasskey, {}, actor)).options;
const request = async (): Promise<PasskeyRequest> => (await call(operations.startPasskeyLogin, {})).options;

const add = (actor: Actor, credential: object, name = "A key") =>
  call(operations.addPasskey, { name, credential }, actor);

/** @returns the authenticator that holds the account's new passkey */
async function withPasskey(actor: Actor, settings: { counts?: boolean } = {}): Promise<SoftwareAuthenticator> {
  const authenticator = new SoftwareAuthenticator(origin, settings);
  await add(actor, authenticator.create(await creation(actor)));
  return authenticator;
}

const logIn = (credential: object): Promise<Tokens> =>
  call(operations.loginWithPasskey, { credential, deviceId: newDeviceId(), tokenDelivery: "body" });

const passkeysOf = async (actor: Actor): Promise<readonly Passkey[]> =>
  (await call(operations.listPasskeys, {}, actor)).items;

/** Everything that these operations may write. */
async function stored(): Promise<string> {
  const db = store.database.reads.kysely;
  const passkeys = await db.selectFrom("passkeys").selectAll().orderBy("id").execute();
  const used = await db.selectFrom("used_passkey_challenges").selectAll().orderBy("hash").execute();
  const sessions = await db.selectFrom("sessions").select("id").orderBy("id").execute();
  return JSON.stringify([passkeys, used, sessions], (_, value) => (typeof value === "bigint" ? String(value) : value));
}

test("a passkey logs its owner in without a name, and without the second step that a password needs", async () => {
  const ada = await registered("ada");
  await withPasskey(await registered("eve"));
  const { secret } = await call(operations.setUpTotp, {}, ada);
  const code = generateSync({ secret, epoch: Math.floor(now / 1000) });
  await call(operations.enableTotp, { code }, ada);
  const authenticator = await withPasskey(ada);
  expect(await passkeysOf(ada)).toEqual([
    { id: expect.any(String), name: "A key", createdAt: new Date(now).toISOString(), backedUp: false },
  ]);

  now += 60_000;
  const tokens = await logIn(authenticator.get(await request()));
  expect(tokens.user.username).toBe("ada");
  expect((await signedIn(tokens)).userId).toBe(ada.userId);
  expect(await passkeysOf(ada)).toMatchObject([{ lastUsedAt: new Date(now).toISOString() }]);
  expect((await logIn(authenticator.get(await request()))).user.id).toBe(ada.userId);
});

test("what a browser is told to ask for: a key that names its account, by a device that knows its person", async () => {
  const ada = await registered("ada");
  const authenticator = await withPasskey(ada);
  const options = await creation(ada);
  expect(options).toMatchObject({
    rp: { id: "chat.example.org" },
    user: { name: "ada" },
    excludeCredentials: [{ id: authenticator.id.toString("base64url"), transports: ["internal"] }],
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  const [first, second] = [await request(), await request()];
  expect(first).toMatchObject({ rpId: "chat.example.org", userVerification: "required" });
  // nothing in it depends on who asks
  expect({ ...first, challenge: "" }).toEqual({ ...second, challenge: "" });
  expect(first.challenge).not.toBe(second.challenge);
});

const lies: readonly [about: string, lies: Lies][] = [
  ["a challenge that nobody gave", { challenge: Buffer.from("made up").toString("base64url") }],
  ["a page of another site", { origin: "https://chat.example.org.evil.example" }],
  ["a page without TLS", { origin: "http://chat.example.org" }],
  ["a frame in another site's page", { crossOrigin: true }],
  ["another relying party", { rpId: "evil.example" }],
  ["a device that did not ask who it is", { isVerified: false }],
  ["a device that nobody touched", { isPresent: false, isVerified: false }],
  ["the other ceremony", { type: "webauthn.other" }],
];

test.each(lies)("%s makes no passkey, and is no log-in; nothing is written", async (_about, lie) => {
  const ada = await registered("ada");
  const authenticator = await withPasskey(ada);
  const before = await stored();
  const other = new SoftwareAuthenticator(origin);
  expect(await codeOf(add(ada, other.create(await creation(ada), lie)))).toBe("VALIDATION_FAILED");
  expect(await codeOf(logIn(authenticator.get(await request(), lie)))).toBe("INVALID_CREDENTIALS");
  expect(await stored()).toBe(before);
  expect(await codeOf(logIn(authenticator.get(await request())))).toBe("done");
});

test("a passkey does not speak for another account, nor another key for it", async () => {
  const [ada, eve] = [await registered("ada"), await registered("eve")];
  const [hers, evil] = [await withPasskey(ada), await withPasskey(eve)];
  const before = await stored();
  const idOf = (authenticator: SoftwareAuthenticator) => authenticator.id.toString("base64url");
  const asAda = Buffer.from(ada.userId).toString("base64url");
  const honest = evil.get(await request());
  const refused = [
    evil.get(await request(), { userHandle: asAda }),
    { ...evil.get(await request(), { userHandle: asAda }), id: idOf(hers) },
    { ...honest, id: idOf(hers) },
    { ...honest, id: "bm9ib2R5" },
    hers.get(await request(), {
      signature: (bytes) => Buffer.from(bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte))),
    }),
    hers.get(await request(), { signature: () => Buffer.from("none") }),
  ];
  for (const credential of refused) {
    const input = { credential, deviceId: newDeviceId() };
    const answer = await find(operations.loginWithPasskey).call(input, undefined, fromHere);
    // known or unknown: the same words
    expect(answer).toEqual({
      ok: false,
      failure: { code: "INVALID_CREDENTIALS", detail: "This passkey is not known here. Log in in another way." },
    });
  }
  const certified = new SoftwareAuthenticator(origin).create(await creation(ada), { format: "fido-u2f" });
  expect(await codeOf(add(ada, certified))).toBe("VALIDATION_FAILED");
  expect(await stored()).toBe(before);
});

test("a challenge serves once, for 5 minutes, its purpose, its session and its account alone", async () => {
  const [ada, eve] = [await registered("ada"), await registered("eve")];
  const authenticator = await withPasskey(ada);
  const asked = await creation(ada);
  const fresh = () => new SoftwareAuthenticator(origin);
  expect(await codeOf(add(eve, fresh().create(asked)))).toBe("VALIDATION_FAILED");
  const elsewhere = await signedIn(await logIn(authenticator.get(await request())));
  expect(await codeOf(add(elsewhere, fresh().create(asked)))).toBe("VALIDATION_FAILED");
  const forLogIn = { challenge: (await request()).challenge };
  expect(await codeOf(add(ada, fresh().create(asked, forLogIn)))).toBe("VALIDATION_FAILED");
  expect(await codeOf(logIn(authenticator.get(await request(), { challenge: asked.challenge })))).toBe(
    "INVALID_CREDENTIALS",
  );
  expect(await codeOf(add(ada, fresh().create(asked)))).toBe("done");
  expect(await codeOf(add(ada, fresh().create(asked)))).toBe("CONFLICT");

  const used = authenticator.get(await request());
  expect(await codeOf(logIn(used))).toBe("done");
  expect(await codeOf(logIn(used))).toBe("INVALID_CREDENTIALS");
  const late = await request();
  const lateCreation = await creation(ada);
  now += 5 * 60_000;
  expect(await codeOf(logIn(authenticator.get(late)))).toBe("INVALID_CREDENTIALS");
  expect(await codeOf(add(ada, fresh().create(lateCreation)))).toBe("VALIDATION_FAILED");
  await accounts.cleanUp(store.database.writer.kysely);
  expect(await store.database.reads.kysely.selectFrom("used_passkey_challenges").selectAll().execute()).toEqual([]);
});

test("a key that does not count is taken by a fresh challenge, and its answer is not taken twice", async () => {
  const authenticator = await withPasskey(await registered("ada"), { counts: false });
  const used = authenticator.get(await request());
  expect(await codeOf(logIn(used))).toBe("done");
  expect(await codeOf(logIn(used))).toBe("INVALID_CREDENTIALS");
  expect(await codeOf(logIn(authenticator.get(await request())))).toBe("done");
});

test("a copy of a key, whose counter has been passed by, is refused", async () => {
  const authenticator = await withPasskey(await registered("ada"));
  for (let uses = 0; uses < 3; uses++) expect(await codeOf(logIn(authenticator.get(await request())))).toBe("done");
  const reached = authenticator.counter;
  for (const behind of [reached - 2, reached - 1, 0]) {
    authenticator.counter = behind; // one more is counted when it is used
    expect(await codeOf(logIn(authenticator.get(await request())))).toBe("INVALID_CREDENTIALS");
  }
  authenticator.counter = reached;
  expect(await codeOf(logIn(authenticator.get(await request())))).toBe("done");
});

test("of many uses of one answer at once exactly one gets tokens", async () => {
  const ada = await registered("ada");
  for (const counts of [true, false]) {
    const authenticator = await withPasskey(ada, { counts });
    const credential = authenticator.get(await request());
    const answers = await Promise.all(Array.from({ length: 8 }, () => codeOf(logIn(credential))));
    expect(answers.filter((code) => code === "done")).toHaveLength(1);
  }
});

test("making one needs the password or a log-in of the last 10 minutes, and one is made here once", async () => {
  const ada = await registered("ada");
  now += 10 * 60_000 + 1;
  const start = (proof: object) => codeOf(call(operations.startPasskey, proof, ada));
  expect(await start({})).toBe("FORBIDDEN");
  expect(await start({ password: "not the password" })).toBe("INVALID_CREDENTIALS");
  const { options } = await call(operations.startPasskey, { password }, ada);
  const authenticator = new SoftwareAuthenticator(origin);
  expect(await codeOf(add(ada, authenticator.create(options)))).toBe("done");
  const again = await call(operations.startPasskey, { password }, ada);
  expect(await codeOf(add(ada, authenticator.create(again.options)))).toBe("CONFLICT");

  const eve = await registered("eve");
  for (let made = 0; made < limits.passkeys; made++) await withPasskey(eve);
  const oneMore = new SoftwareAuthenticator(origin).create(await creation(eve));
  expect(await codeOf(add(eve, oneMore))).toBe("QUOTA_EXCEEDED");
  const { items, nextCursor }: OperationOutput<"listPasskeys"> = await call(
    operations.listPasskeys,
    { limit: 15 },
    eve,
  );
  const rest = await call(operations.listPasskeys, { limit: 15, cursor: nextCursor }, eve);
  expect(new Set([...items, ...rest.items].map(({ id }) => id)).size).toBe(limits.passkeys);
  expect(rest.nextCursor).toBeNull();
});

test("whom a changed password has signed out leaves no key behind, and whose account is deleted or suspended has none", async () => {
  const ada = await registered("ada");
  const authenticator = await withPasskey(ada);
  const elsewhere = await signedIn(await logIn(authenticator.get(await request())));
  const underWay = new SoftwareAuthenticator(origin).create(await creation(elsewhere));
  await call(operations.changePassword, { currentPassword: password, newPassword: "another horse battery" }, ada);
  expect(await codeOf(add(elsewhere, underWay))).toBe("UNAUTHENTICATED");
  expect(await passkeysOf(ada)).toHaveLength(1);

  const db = store.database.writer.kysely;
  await db
    .updateTable("users")
    .set({ suspended_at: new Date(now) })
    .where("id", "=", ada.userId)
    .execute();
  expect(await codeOf(logIn(authenticator.get(await request())))).toBe("FORBIDDEN");
  await db.updateTable("users").set({ suspended_at: null, is_admin: false }).where("id", "=", ada.userId).execute();
  expect(await codeOf(logIn(authenticator.get(await request())))).toBe("done");
  await call(operations.deleteOwnUser, { password: "another horse battery" }, ada);
  expect(await codeOf(logIn(authenticator.get(await request())))).toBe("INVALID_CREDENTIALS");
  expect(await db.selectFrom("passkeys").selectAll().execute()).toEqual([]);
});

test("one renames and removes one's own, and another's is as one that does not exist", async () => {
  const [ada, eve] = [await registered("ada"), await registered("eve")];
  const authenticator = await withPasskey(ada);
  const [{ id: passkeyId } = { id: newPasskeyId() }] = await passkeysOf(ada);
  for (const id of [passkeyId, newPasskeyId()]) {
    expect(await codeOf(call(operations.renamePasskey, { passkeyId: id, name: "Eve's" }, eve))).toBe("NOT_FOUND");
    expect(await codeOf(call(operations.removePasskey, { passkeyId: id }, eve))).toBe("NOT_FOUND");
  }
  const { passkey } = await call(operations.renamePasskey, { passkeyId, name: "My phone" }, ada);
  expect(passkey).toMatchObject({ id: passkeyId, name: "My phone" });
  const underWay = authenticator.get(await request());
  await call(operations.removePasskey, { passkeyId }, ada);
  expect(await passkeysOf(ada)).toEqual([]);
  expect(await codeOf(logIn(underWay))).toBe("INVALID_CREDENTIALS");
});

test("the last way to sign in stays, also when all go at once", async () => {
  const ada = await registered("ada");
  await withPasskey(ada);
  await withPasskey(ada);
  // as an account that a provider made
  const db = store.database.writer.kysely;
  await db.updateTable("users").set({ password_hash: null }).where("id", "=", ada.userId).execute();
  await db
    .insertInto("identities")
    .values({ provider: "acme", subject: "1", user_id: ada.userId, email: null })
    .execute();
  const removals = (await passkeysOf(ada)).map(({ id }) =>
    codeOf(call(operations.removePasskey, { passkeyId: id }, ada)),
  );
  const codes = await Promise.all([...removals, codeOf(call(operations.unlinkIdentity, { provider: "acme" }, ada))]);
  expect(codes.toSorted()).toEqual(["CONFLICT", "done", "done"]);
  const { items: identities } = await call(operations.listIdentities, {}, ada);
  expect((await passkeysOf(ada)).length + identities.length).toBe(1);
});

test("a log-in under way survives a new server key", async () => {
  const authenticator = await withPasskey(await registered("ada"));
  const asked = await request();
  accounts = await open("second", "first");
  expect(await codeOf(logIn(authenticator.get(asked)))).toBe("done");
  const old = await request();
  accounts = await open("third");
  expect(await codeOf(logIn(authenticator.get(old)))).toBe("INVALID_CREDENTIALS");
});
