import { afterAll, expect, test } from "bun:test";
import { HubbubError } from "@hubbub/client";
import { laneOf, type OperationRequest } from "@hubbub/contract";
import { sql } from "kysely";
import { newPerson } from "../../../test/crash/person.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { ServerProcess } from "../../testing/server-process.ts";

const store = await createTestDatabase();
const server = await ServerProcess.start({
  env: { DATABASE_URL: store.url, HUBBUB_SECRET_KEY: "a key of at least 32 bytes, for a test" },
});
afterAll(async () => {
  await server.stop();
  await store.drop();
});
const url = await server.url;
const admin = await newPerson(url, "ada"); // the first one here
const other = await newPerson(url, "ben");

/** The code of an expected failure. */
async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "none";
  } catch (error) {
    if (error instanceof HubbubError) return error.code;
    throw error;
  }
}

async function job(name: string) {
  const { items } = await admin.api.call("listJobs", {});
  return items.find((each) => each.name === name);
}

async function becomes(look: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 5_000;
  while (!(await look())) {
    if (performance.now() > until) throw new Error("It did not become so within 5 seconds");
    await Bun.sleep(10);
  }
}

test("what admins look at and set right is for admins alone, at once after one is no admin any more", async () => {
  const requests: {
    readonly [Name in "listDeadLetters" | "requeueDeadLetter" | "listJobs" | "runJob"]: OperationRequest<Name>;
  } = {
    listDeadLetters: {},
    requeueDeadLetter: { deadLetterId: crypto.randomUUID() },
    listJobs: {},
    runJob: { name: "clean-up-sessions" },
  };
  const asOther = () =>
    Promise.all([
      codeOf(other.api.call("listDeadLetters", requests.listDeadLetters)),
      codeOf(other.api.call("requeueDeadLetter", requests.requeueDeadLetter)),
      codeOf(other.api.call("listJobs", requests.listJobs)),
      codeOf(other.api.call("runJob", requests.runJob)),
    ]);
  const refused = new Set(["FORBIDDEN"]);
  expect(new Set(await asOther())).toEqual(refused);
  const setAdmin = (is: boolean) =>
    sql`update users set is_admin = ${is} where id = ${other.user.id}`.execute(store.database.writer.kysely);
  await setAdmin(true);
  expect(await codeOf(other.api.call("listJobs", {}))).toBe("none");
  await setAdmin(false);
  expect(new Set(await asOther())).toEqual(refused);
});

test("daily jobs tell their last run and its result, and run when asked, one at a time", async () => {
  await becomes(async () => (await job("clean-up-sessions"))?.state === "succeeded");
  const before = await job("clean-up-sessions");
  await admin.api.call("runJob", { name: "clean-up-sessions" });
  await becomes(async () => {
    const after = await job("clean-up-sessions");
    return after?.state === "succeeded" && after.lastStartedAt !== before?.lastStartedAt;
  });
  expect(await codeOf(admin.api.call("runJob", { name: "no-such-job" }))).toBe("NOT_FOUND");
  const { kysely: db } = store.database.writer;
  await sql`update jobs set ran_at = now(), finished_at = null where name = 'clean-up-sessions'`.execute(db); // on another node
  expect((await job("clean-up-sessions"))?.state).toBe("running");
  expect(await codeOf(admin.api.call("runJob", { name: "clean-up-sessions" }))).toBe("CONFLICT");
});

test("[L9] a dead letter is listed without what it tells, and its requeue has its effect", async () => {
  const { conversation } = await admin.api.call("createConversation", {
    type: "group",
    title: "secret plans",
    memberIds: [other.user.id],
  });
  const { kysely: db } = store.database.writer;
  const inbox = async () => {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from user_inbox where user_id = ${other.user.id} and event = 'NewConversationCreated'`.execute(
      db,
    );
    return rows[0]?.n;
  };
  await becomes(async () => (await inbox()) === 1);
  // as if the consumer had failed at it
  const eventId = crypto.randomUUID();
  await sql`delete from user_inbox where user_id = ${other.user.id}`.execute(db);
  await sql`
    insert into dead_letters (event_id, lane, event, conversation_id, actor_id, payload, tries, done_by, error, created_at)
    values (${eventId}::uuid, ${laneOf(conversation.id)}, 'ConversationCreated', ${conversation.id}, ${admin.user.id}, null, 5,
            '{}', 'TypeError: poison', now())`.execute(db);
  const { items } = await admin.api.call("listDeadLetters", {});
  expect(items).toEqual([
    {
      ...{ id: eventId, event: "ConversationCreated", conversationId: conversation.id, tries: 5 },
      ...{ error: "TypeError: poison", createdAt: expect.any(String), diedAt: expect.any(String) },
    },
  ]);
  await admin.api.call("requeueDeadLetter", { deadLetterId: eventId });
  await becomes(async () => (await inbox()) === 1);
  expect((await admin.api.call("listDeadLetters", {})).items).toEqual([]);
  expect(await codeOf(admin.api.call("requeueDeadLetter", { deadLetterId: eventId }))).toBe("NOT_FOUND");
});
