import { afterAll, expect, test } from "bun:test";
import { HubbubApi, HubbubError } from "@hubbub/client";
import {
  type AuditAction,
  type AuditEntry,
  newClientMessageId,
  newDeviceId,
  newUserId,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase } from "../src/testing/database.ts";
import { ServerProcess } from "../src/testing/server-process.ts";
import { newPerson, openHub, type Person } from "./crash/person.ts";

const store = await createTestDatabase();
const env = { DATABASE_URL: store.url, HUBBUB_SECRET_KEY: "a key of at least 32 bytes, for a test" };
const nodes = [await ServerProcess.start({ env }), await ServerProcess.start({ env })] as const;
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await store.drop();
});
const [here, there] = [await nodes[0].url, await nodes[1].url];
const admin = await newPerson(here, "ada"); // the first one here
const password = "correct horse battery staple";

/** The code of an expected failure, and what it says. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "none";
  } catch (error) {
    if (error instanceof HubbubError) return error.message;
    throw error;
  }
}

async function becomes(look: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 5_000;
  while (!(await look())) {
    if (performance.now() > until) throw new Error("It did not become so within 5 seconds");
    await Bun.sleep(10);
  }
}

const suspend = (userId: UserId, isSuspended: boolean) => admin.api.call("updateAccount", { userId, isSuspended });

/** Somebody's connection to the other node, and what it heard once it ended. */
async function connectThere(person: Person) {
  const api = new HubbubApi({ baseUrl: there, deviceId: newDeviceId(), tokenDelivery: "body" });
  await api.login({ login: person.user.username, password });
  const hub = openHub({ ...person, api });
  const heard: unknown[] = [];
  hub.on("SessionRevoked", (payload) => heard.push(payload));
  const ended = new Promise<unknown[]>((resolve) => hub.onclose(() => resolve(heard)));
  await hub.start();
  return { api, ended };
}

test("accounts are listed and found by name and address, the newest first, page by page, for admins alone", async () => {
  const [mia, ben] = [await newPerson(here, "mia"), await newPerson(here, "mike")];
  await mia.api.call("updateOwnSettings", { privacy: { findMe: "nobody" } });
  const find = async (query?: string) =>
    (await admin.api.call("listAccounts", query === undefined ? {} : { query })).items.map(({ username }) => username);
  expect(await find()).toEqual(["mike", "mia", "ada"]);
  expect(await find(" MI")).toEqual(["mike", "mia"]);
  expect(await find("mia@EXAMPLE")).toEqual(["mia"]);
  expect(await find("%")).toEqual([]);
  const first = await admin.api.call("listAccounts", { limit: 2 });
  const second = await admin.api.call("listAccounts", { limit: 2, cursor: first.nextCursor ?? "" });
  expect([...first.items, ...second.items].map(({ username }) => username)).toEqual(["mike", "mia", "ada"]);
  expect(second.items[0]).toEqual({
    ...{ id: admin.user.id, username: "ada", displayName: "ada", email: "ada@example.org", emailVerified: false },
    ...{ isAdmin: true, isSuspended: false, createdAt: expect.any(String) },
  });
  const userId = admin.user.id;
  for (const { api } of [mia, ben]) {
    expect(await refusal(api.call("listAccounts", {}))).toStartWith("FORBIDDEN");
    expect(await refusal(api.call("updateAccount", { userId, isSuspended: true }))).toStartWith("FORBIDDEN");
    expect(await refusal(api.call("updateAccount", { userId: mia.user.id, isAdmin: true }))).toStartWith("FORBIDDEN");
    expect(await refusal(api.call("deleteAccount", { userId }))).toStartWith("FORBIDDEN");
  }
  for (const unknown of [newUserId()]) {
    expect(await refusal(suspend(unknown, true))).toStartWith("NOT_FOUND");
    expect(await refusal(admin.api.call("deleteAccount", { userId: unknown }))).toStartWith("NOT_FOUND");
  }
});

test("suspension ends tokens and sockets on every node within a second, keeps its person out and unreached, and is taken back", async () => {
  const [sam, eve] = [await newPerson(here, "sam"), await newPerson(here, "eve")];
  const { conversation } = await eve.api.call("createConversation", { type: "direct", memberIds: [sam.user.id] });
  const say = () => {
    const message = { conversationId: conversation.id, clientMessageId: newClientMessageId(), text: "Hi" };
    return refusal(eve.api.call("sendMessage", message));
  };
  const found = async () => (await eve.api.call("listUsers", { query: "sam" })).items.length;
  const presence = async () => (await eve.api.call("getUser", { userId: sam.user.id })).user.presence;
  const other = await connectThere(sam);
  await becomes(async () => (await presence()) === "online");
  const before = performance.now();
  expect((await suspend(sam.user.id, true)).user).toMatchObject({ username: "sam", isSuspended: true });
  expect(await presence()).toBe("offline");
  expect(await other.ended).toEqual([{ reason: "suspended" }]);
  expect(performance.now() - before).toBeLessThan(1_000);
  for (const api of [sam.api, other.api])
    expect(await refusal(api.call("getOwnUser", {}))).toStartWith("UNAUTHENTICATED");
  const knock = (secret: string) =>
    refusal(new HubbubApi({ baseUrl: there, deviceId: newDeviceId() }).login({ login: "sam", password: secret }));
  expect(await knock(password)).toBe("FORBIDDEN: This account is suspended.");
  expect(await knock("wrong horse battery")).toStartWith("INVALID_CREDENTIALS"); // who does not know it learns nothing
  expect([await say(), await found()]).toEqual([expect.stringMatching(/^RECIPIENT_UNAVAILABLE/), 0]);
  expect((await suspend(sam.user.id, false)).user.isSuspended).toBe(false);
  expect([await knock(password), await say(), await found()]).toEqual(["none", "none", 1]);
});

test("who is suspended is told why and until when, and is let in again by themselves then", async () => {
  const kim = await newPerson(here, "kim");
  const userId = kim.user.id;
  const knock = async () => {
    try {
      await new HubbubApi({ baseUrl: there, deviceId: newDeviceId() }).login({ login: "kim", password });
      return "in";
    } catch (error) {
      if (error instanceof HubbubError) return { detail: error.detail, until: error.until };
      throw error;
    }
  };
  const change = (fields: object) => admin.api.call("updateAccount", { userId, ...fields });
  const soon = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
  const past = { isSuspended: true, suspendedUntil: soon(-1) };
  expect(await refusal(change(past))).toBe("VALIDATION_FAILED: suspendedUntil must be in the future");
  for (const fields of [{ suspensionReason: "Spam" }, { isSuspended: false, suspendedUntil: soon(9_000) }])
    expect(await refusal(change(fields))).toStartWith("VALIDATION_FAILED");
  expect(await knock()).toBe("in");

  const suspendedUntil = soon(3_600_000);
  const first = await change({ isSuspended: true, suspensionReason: " Sold watches ", suspendedUntil });
  const suspension = { since: expect.any(String), until: suspendedUntil, reason: "Sold watches" };
  expect(first.user).toMatchObject({ isSuspended: true, suspension });
  expect(await knock()).toEqual({ detail: "This account is suspended: Sold watches", until: suspendedUntil });
  const again = await change({ isSuspended: true });
  expect(again.user.suspension).toEqual({ since: first.user.suspension?.since ?? "" });
  expect(await knock()).toEqual({ detail: "This account is suspended.", until: undefined });

  await change({ isSuspended: true, suspendedUntil: soon(400) });
  const presence = async () => (await admin.api.call("getUser", { userId })).user.presence;
  await becomes(async () => (await knock()) === "in"); // the moment it is over
  await becomes(async () => {
    await admin.api.call("runJob", { name: "end-suspensions" }); // which a minute brings by itself
    const [account] = (await admin.api.call("listAccounts", { query: "kim" })).items;
    return account?.isSuspended === false && account.suspension === undefined;
  });
  expect(await presence()).toBe("offline");
  const mine = (await admin.api.call("listAudit", {})).items.filter((entry) => entry.userId === userId);
  expect(mine.map(({ action }) => action)).toEqual(Array<AuditAction>(3).fill("accountSuspended"));
});

test("an admin deletes an account as its person would, on every node", async () => {
  const tom = await newPerson(here, "tom");
  const other = await connectThere(tom);
  const before = performance.now();
  await admin.api.call("deleteAccount", { userId: tom.user.id });
  expect(await other.ended).toEqual([{ reason: "accountDeleted" }]);
  expect(performance.now() - before).toBeLessThan(1_000);
  expect((await admin.api.call("listAccounts", { query: "tom" })).items).toEqual([]);
  expect(await refusal(admin.api.call("deleteAccount", { userId: tom.user.id }))).toStartWith("NOT_FOUND");
  expect(await refusal(suspend(tom.user.id, true))).toStartWith("NOT_FOUND");
});

test("what admins do is written down with who, to whom and when, once, outlives the account, and is never changed", async () => {
  const by = admin.user.id;
  const uma = await newPerson(here, "uma");
  const userId = uma.user.id;
  const newest = async (limit = 6) => (await admin.api.call("listAudit", { limit })).items;
  const [last] = await newest(1);
  for (const isSuspended of [true, true, false]) await suspend(userId, isSuspended);
  for (const isAdmin of [true, false]) await admin.api.call("updateAccount", { userId, isAdmin });
  await becomes(async () => (await refusal(admin.api.call("runJob", { name: "clean-up-sessions" }))) === "none");
  // what is refused is not done
  expect(await refusal(admin.api.call("runJob", { name: "no-such-job" }))).toStartWith("NOT_FOUND");
  expect(await refusal(admin.api.call("requeueDeadLetter", { deadLetterId: userId }))).toStartWith("NOT_FOUND");
  expect(await refusal(suspend(newUserId(), true))).toStartWith("NOT_FOUND");
  expect(await refusal(uma.api.call("listAudit", {}))).not.toBe("none");
  await admin.api.call("deleteAccount", { userId });
  const items = await newest(7);
  const account = (action: AuditAction) => ({ id: expect.any(String), action, by, userId });
  expect(items.slice(0, 6).map(({ createdAt: _, ...entry }) => entry)).toEqual([
    account("accountDeleted"),
    { id: expect.any(String), action: "jobRun", by, subject: "clean-up-sessions" },
    account("adminUnmade"),
    account("adminMade"),
    account("accountLetInAgain"),
    account("accountSuspended"),
  ]);
  expect(items[6]).toEqual(last);
  for (const { createdAt } of items.slice(0, 6)) expect(Date.now() - Date.parse(createdAt)).toBeLessThan(60_000);

  const read: AuditEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await admin.api.call("listAudit", { limit: 2, ...(cursor !== undefined && { cursor }) });
    read.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(read).toEqual([...(await newest(200))]);
  expect(await refusal(admin.api.call("listAudit", { cursor: "x" }))).toStartWith("VALIDATION_FAILED");
  const other = await newPerson(here, "vic");
  expect(await refusal(other.api.call("listAudit", {}))).toStartWith("FORBIDDEN");

  const { kysely: db } = store.database.writer;
  const changes = ["delete from admin_audit", "update admin_audit set action = 'x'", "truncate admin_audit"];
  for (const change of changes) await expect(sql.raw(change).execute(db)).rejects.toThrow("only ever added to");
  expect(await newest(200)).toEqual(read);
});

test("an admin's rights are as the database has them now; the last admin stays, whoever asks and however many at once", async () => {
  const own = admin.user.id;
  expect(await refusal(suspend(own, true))).toStartWith("FORBIDDEN");
  expect(await refusal(admin.api.call("deleteAccount", { userId: own }))).toStartWith("FORBIDDEN");
  expect(await refusal(admin.api.call("updateAccount", { userId: own, isAdmin: false }))).toStartWith("CONFLICT");
  expect(await refusal(admin.api.call("deleteOwnUser", { password }))).toStartWith("CONFLICT");
  const second = await newPerson(here, "second");
  const make = (by: Person, userId: UserId, isAdmin: boolean) =>
    refusal(by.api.call("updateAccount", { userId, isAdmin }));
  for (let round = 0; round < 10; round++) {
    expect(await make(admin, second.user.id, true)).toBe("none");
    const both = [
      round % 2 === 0
        ? make(second, own, false)
        : refusal(second.api.call("updateAccount", { userId: own, isSuspended: true })),
      make(admin, second.user.id, false),
    ];
    const outcomes = (await Promise.all(both)).map((outcome) => outcome.split(":")[0]);
    expect(outcomes.filter((outcome) => outcome === "none")).toHaveLength(1);
    const { rows } = await sql`select from users where is_admin and suspended_at is null`.execute(
      store.database.reads.kysely,
    );
    expect(rows).toHaveLength(1);
    if (outcomes[0] === "none") {
      await second.api.call("updateAccount", { userId: own, isAdmin: true, isSuspended: false });
      await admin.api.login({ login: "ada", password });
      await make(admin, second.user.id, false);
    }
  }
}, 30_000);
