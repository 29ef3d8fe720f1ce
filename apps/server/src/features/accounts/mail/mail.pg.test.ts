import { afterEach, beforeEach, expect, test } from "bun:test";
import { newDeviceId, operations, type SessionEnd } from "@hubbub/contract";
import { LogMailer } from "../../../infrastructure/mail/log-mailer.ts";
import { SmtpMailer } from "../../../infrastructure/mail/smtp-mailer.ts";
import type { Actor } from "../../../ports/actor.ts";
import type { Database } from "../../../ports/database.ts";
import type { Mailer } from "../../../ports/mailer.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { linkOf, MailServer, textOf } from "../../../testing/mail-server.ts";
import { openAccounts } from "../../../testing/test-accounts.ts";
import { fromHere } from "../../../testing/test-node.ts";
import type { Accounts } from "../index.ts";

const password = "correct horse battery";
const nextPassword = "another horse battery";
const PATIENCE_MS = 300;
const HOUR = 3_600_000;

let store: TestDatabase;
let mails: MailServer;
let mailer: Mailer;
let accounts: Accounts;
/** Milliseconds since 1970; only the test moves it. */
let now: number;
let ended: SessionEnd[];
let failures: { readonly givenUp: boolean; readonly reason: string }[];

const smtp = async () =>
  new SmtpMailer({ url: await mails.start(), from: "Hubbub <chat@example.org>", patienceMs: PATIENCE_MS });

const open = (mailer: Mailer, db: Database = store.database.reads.kysely) =>
  openAccounts({
    ...{ store, now: () => now, db, mailer },
    broadcaster: { endSession: (_user, _session, reason) => void ended.push(reason) },
    onMailFailure: (about) => void failures.push(about),
  });

beforeEach(async () => {
  store = await createTestDatabase();
  mails = new MailServer();
  now = Date.now();
  [ended, failures] = [[], []];
  mailer = await smtp();
  accounts = await open(mailer);
});

afterEach(async () => {
  await mails.stop();
  await store.drop();
});

/** The body of an answer, or the code of its failure. */
async function call(row: unknown, input: object, actor?: Actor) {
  const operation = accounts.operations.find((each) => each.row === row);
  if (operation === undefined) throw new Error("there is no such operation");
  const result = await operation.call(input, actor, fromHere);
  return result.ok ? { body: Object(result.value.rest.body) } : { code: result.failure.code };
}

const emailOf = (name: string) => `${name}@example.org`;

const register = (username: string) =>
  call(operations.register, { username, email: emailOf(username), password, displayName: `<b>${username}</b>` });

async function signIn(login: string, secret = password) {
  const credentials = { login, password: secret, deviceId: newDeviceId(), tokenDelivery: "body" };
  const { code, body } = await call(operations.login, credentials);
  return { code, actor: body && (await accounts.authenticate(body.accessToken)) };
}

/** Delivers everything that is due. */
async function deliver(): Promise<void> {
  while (await accounts.postman.deliverNext());
}

const forget = async (email: string) => {
  expect((await call(operations.forgotPassword, { email })).code).toBeUndefined();
  await deliver();
};

const subjects = () => mails.received.map(({ source }) => /^Subject: (.+)$/m.exec(source)?.[1]?.trim());
const verified = async (username: string) =>
  store.database.reads.kysely
    .selectFrom("users")
    .select(["email", "email_verified"])
    .where("username", "=", username)
    .executeTakeFirst();

test("who registers is sent a link, which proves the address once; it reads well, in text and in HTML", async () => {
  await register("ada");
  expect(await verified("ada")).toMatchObject({ email_verified: false });
  await deliver();
  const mail = await mails.newest(emailOf("ada"));
  expect(mail.from).toBe("chat@example.org");
  const { url, token } = linkOf(mail);
  expect(url).toStartWith("https://chat.example.org/verify-email#token=");
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  expect(textOf(mail)).toContain("Hello <b>ada</b>,");
  expect(mail.source).toContain("text/html");
  expect(mail.source).not.toContain("<p>Hello <b>");
  expect((await call(operations.verifyEmail, { token })).code).toBeUndefined();
  expect(await verified("ada")).toMatchObject({ email_verified: true });
  expect((await call(operations.verifyEmail, { token })).code).toBe("VALIDATION_FAILED");
});

test("a link is sent once more while the address is not proved, and then not", async () => {
  await register("ada");
  const { actor } = await signIn("ada");
  await call(operations.resendVerification, {}, actor);
  await deliver();
  expect(mails.received).toHaveLength(2);
  const [first, second] = mails.received.map(linkOf);
  expect((await call(operations.verifyEmail, { token: second?.token })).code).toBeUndefined();
  expect((await call(operations.verifyEmail, { token: first?.token })).code).toBe("VALIDATION_FAILED");
  await call(operations.resendVerification, {}, actor);
  await deliver();
  expect(mails.received).toHaveLength(2);
});

test("a forgotten password is set anew by a link, once, within 30 minutes; all sessions end and the person is told", async () => {
  await register("ada");
  const [here] = [await signIn("ada"), await signIn("ada")];
  await deliver();
  await forget("ADA@example.ORG");
  const { url, token } = linkOf(await mails.newest(emailOf("ada"), 2));
  expect(url).toStartWith("https://chat.example.org/reset-password#token=");
  const reset = (newPassword = nextPassword, by = token) => call(operations.resetPassword, { token: by, newPassword });
  for (const bad of ["short", "qwerty123456", "ada@example.org"])
    expect((await reset(bad)).code).toBe("VALIDATION_FAILED");
  expect(ended).toEqual([]);
  const race = await Promise.all([reset(), reset(), reset("a third horse battery")]);
  expect(race.filter(({ code }) => code === undefined)).toHaveLength(1);
  expect(ended).toEqual(["passwordChanged", "passwordChanged"]);
  expect(here.actor && accounts.isLiving(here.actor)).toBe(false);
  expect((await signIn("ada")).code).toBe("INVALID_CREDENTIALS");
  expect(await verified("ada")).toMatchObject({ email_verified: true });
  await deliver();
  expect(subjects().at(-1)).toBe("Hubbub: Your password has changed");
  await forget(emailOf("ada"));
  const late = linkOf(await mails.newest(emailOf("ada"), 4)).token;
  now += HOUR / 2;
  expect((await reset(nextPassword, late)).code).toBe("VALIDATION_FAILED");
}, 15_000);

test("asking for a link tells nothing of who has an account, and does the same work for everyone", async () => {
  await register("ada");
  await deliver();
  const seen: string[] = [];
  for (const email of [emailOf("ada"), "nobody@example.org"]) {
    const answer = await call(operations.forgotPassword, { email });
    const rows = await store.database.reads.kysely.selectFrom("mails").select(["kind", "user_id", "tries"]).execute();
    seen.push(JSON.stringify([answer, rows]));
    await deliver();
  }
  expect(seen[0]).toBe(seen[1]);
  expect(mails.received.map(({ to }) => to)).toEqual([[emailOf("ada")], [emailOf("ada")]]);
});

test("another address takes the old one's place when its link is opened; both are told", async () => {
  await register("ada");
  await register("bob");
  const { actor } = await signIn("ada");
  await deliver();
  await forget(emailOf("ada"));
  const oldLink = linkOf(await mails.newest(emailOf("ada"), 2)).token;
  const change = (email: string, secret?: string) =>
    call(operations.changeEmail, { email, ...(secret !== undefined && { password: secret }) }, actor);
  expect((await change("new@example.org", "wrong horse battery")).code).toBe("INVALID_CREDENTIALS");
  expect((await change(emailOf("BOB"), password)).code).toBe("EMAIL_TAKEN");
  expect((await change("new@example.org")).code).toBeUndefined(); // signed in just now
  now += HOUR / 5;
  expect((await change("new@example.org")).code).toBe("FORBIDDEN");
  await deliver();
  expect(await verified("ada")).toMatchObject({ email: emailOf("ada"), email_verified: false });
  expect(textOf(await mails.newest(emailOf("ada"), 3))).toContain("another e-mail address");
  const { token } = linkOf(await mails.newest("new@example.org"));
  expect((await call(operations.verifyEmail, { token })).code).toBeUndefined();
  expect(await verified("ada")).toEqual({ email: "new@example.org", email_verified: true });
  expect((await call(operations.resetPassword, { token: oldLink, newPassword: nextPassword })).code).toBe(
    "VALIDATION_FAILED",
  );
  await deliver();
  expect(textOf(await mails.newest(emailOf("ada"), 4))).toContain("has another e-mail address now");
  expect((await signIn("new@example.org")).code).toBeUndefined();
  expect((await signIn(emailOf("ada"))).code).toBe("INVALID_CREDENTIALS");
});

test("a new password makes worthless what was begun with the old one: links to another address and to a password", async () => {
  await register("ada");
  const { actor } = await signIn("ada");
  const begin = async (count: number) => {
    await call(operations.changeEmail, { email: `thief${count}@example.org`, password }, actor);
    await forget(emailOf("ada"));
    await mails.until(() => mails.received.length === count);
    const [moved, reset] = [`thief${count}@example.org`, emailOf("ada")].map((to) =>
      mails.received.findLast((mail) => mail.to.includes(to) && linkOf(mail).token !== ""),
    );
    if (moved === undefined || reset === undefined) throw new Error("A link is missing");
    return { moved: linkOf(moved).token, reset: linkOf(reset).token };
  };
  const first = await begin(4);
  const changed = { currentPassword: password, newPassword: nextPassword };
  expect((await call(operations.changePassword, changed, actor)).code).toBeUndefined();
  expect((await call(operations.verifyEmail, { token: first.moved })).code).toBe("VALIDATION_FAILED");
  const again = { token: first.reset, newPassword: password };
  expect((await call(operations.resetPassword, again)).code).toBe("VALIDATION_FAILED");
  expect(await verified("ada")).toMatchObject({ email: emailOf("ada") });
}, 15_000);

/** Accounts whose next query with these words waits, once answered, until it is let go on. */
async function heldUpAt(...words: readonly string[]) {
  const [reached, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = new WeakSet<object>();
  let isArmed = true;
  const db = store.database.reads.kysely.withPlugin({
    transformQuery: ({ node, queryId }) => {
      const text = JSON.stringify(node);
      if (isArmed && words.every((word) => text.includes(`"${word}"`))) {
        isArmed = false;
        held.add(queryId);
      }
      return node;
    },
    transformResult: async ({ queryId, result }) => {
      if (held.has(queryId)) {
        reached.resolve();
        await goOn.promise;
      }
      return result;
    },
  });
  accounts = await open(mailer, db);
  return { reached: reached.promise, goOn: goOn.resolve };
}

test("a new password makes worthless also a link that is being sent in that moment, and an address that is being asked for", async () => {
  await register("ada");
  await deliver();
  const { actor } = await signIn("ada");
  const change = (email: string, secret: string) => call(operations.changeEmail, { email, password: secret }, actor);
  const renew = (currentPassword: string, newPassword: string) =>
    call(operations.changePassword, { currentPassword, newPassword }, actor);
  const lettersTo = (email: string) => mails.received.filter(({ to }) => to.includes(email));

  await change("sent@elsewhere.example", password);
  const sending = await heldUpAt("display_name", "users");
  const delivered = deliver();
  await sending.reached; // the postman has the mail in hand
  expect((await renew(password, nextPassword)).code).toBeUndefined();
  sending.goOn();
  await delivered;
  await deliver();
  expect(lettersTo("sent@elsewhere.example")).toEqual([]);

  const asking = await heldUpAt("email_key", "<>");
  const asked = change("asked@elsewhere.example", nextPassword);
  await asking.reached; // the password was right a moment ago
  expect((await renew(nextPassword, password)).code).toBeUndefined();
  asking.goOn();
  expect((await asked).code).toBe("UNAUTHENTICATED");
  await deliver();
  expect(lettersTo("asked@elsewhere.example")).toEqual([]);
  const notices = mails.received.filter(({ source }) => source.includes("Your password has changed"));
  expect(notices).toHaveLength(2);
});

test("of two who prove one address the first one has it", async () => {
  for (const name of ["ada", "bob"]) {
    await register(name);
    await call(operations.changeEmail, { email: "shared@example.org", password }, (await signIn(name)).actor);
  }
  await deliver();
  await mails.until(() => mails.received.filter(({ to }) => to.includes("shared@example.org")).length === 2);
  const tokens = mails.received.filter(({ to }) => to.includes("shared@example.org")).map((mail) => linkOf(mail).token);
  const codes = await Promise.all(tokens.map(async (token) => (await call(operations.verifyEmail, { token })).code));
  expect(codes.toSorted()).toEqual(["EMAIL_TAKEN", undefined]);
});

test("a mail that is refused or held up is tried again with growing delays, with the same link, and then given up without telling it", async () => {
  await register("ada");
  await deliver();
  mails.mood = "refuses";
  await forget(emailOf("ada"));
  expect(failures).toMatchObject([{ givenUp: false }]);
  await deliver();
  expect(mails.turnedAway).toBe(1); // not before its time
  mails.mood = "hangs";
  now += 10_000;
  await deliver();
  expect(mails.turnedAway).toBe(2);
  mails.mood = "takes";
  now += 60_000;
  await deliver();
  const { token } = linkOf(await mails.newest(emailOf("ada"), 2));
  expect((await call(operations.resetPassword, { token, newPassword: nextPassword })).code).toBeUndefined();

  mails.mood = "refuses";
  [failures] = [[]];
  await deliver(); // that the password has changed
  const waits: number[] = [];
  for (let since = now; failures.at(-1)?.givenUp === false; now += 1_000) {
    const tried = failures.length;
    await deliver();
    if (failures.length > tried) {
      waits.push((now - since) / 1000);
      since = now;
    }
    if (waits.length > 1) now += 50_000;
  }
  expect(failures).toHaveLength(6);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(await store.database.reads.kysely.selectFrom("mails").selectAll().execute()).toEqual([]);
  expect(JSON.stringify(failures)).not.toContain("ada");
}, 30_000);

test("what was committed leaves also if the process died at once, once however many nodes look", async () => {
  await register("ada");
  const nodes = await Promise.all([1, 2, 3].map(() => open(new LogMailer(() => undefined))));
  const found = await Promise.all(nodes.map(({ postman }) => postman.deliverNext()));
  expect(found.filter(Boolean)).toHaveLength(1);
});

test("no token is kept, and one of the database alone opens nothing", async () => {
  await register("ada");
  await forget(emailOf("ada"));
  const { token } = linkOf(await mails.newest(emailOf("ada"), 2));
  const { kysely } = store.database.reads;
  const rows = await kysely.selectFrom("mail_tokens").selectAll().execute();
  expect(rows).toHaveLength(2);
  for (const { id, hash } of rows) {
    expect(hash).toHaveLength(32);
    for (const guess of [id, Buffer.from(hash).toString("base64url"), Buffer.from(hash).toString("hex")]) {
      expect(guess).not.toBe(token);
      expect((await call(operations.resetPassword, { token: guess, newPassword: nextPassword })).code).toBe(
        "VALIDATION_FAILED",
      );
    }
  }
  now += 4 * 24 * HOUR;
  await accounts.cleanUp(kysely);
  expect(await kysely.selectFrom("mail_tokens").selectAll().execute()).toEqual([]);
});

test("without a mail server the letter goes to the log, with a note that says so", async () => {
  const logged: { readonly text: string; readonly note: string }[] = [];
  accounts = await open(new LogMailer(({ text }, note) => void logged.push({ text, note })));
  await register("ada");
  await deliver();
  expect(logged[0]?.text).toContain("https://chat.example.org/verify-email#token=");
  expect(logged[0]?.note).toContain("SMTP_URL is not set");
});
