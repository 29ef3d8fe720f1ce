import { afterAll, expect, test } from "bun:test";
import { newClientMessageId } from "@hubbub/contract";
import { HubConnectionState } from "@microsoft/signalr";
import { sql } from "kysely";
import { createTestDatabase } from "../src/testing/database.ts";
import { freePort, ServerProcess } from "../src/testing/server-process.ts";
import { newPerson, openHub } from "./crash/person.ts";

const store = await createTestDatabase();
const env = { DATABASE_URL: store.url, HUBBUB_SECRET_KEY: "a key of at least 32 bytes, for a test" };
const server = await ServerProcess.start({ env });
const servers = [server];
afterAll(async () => {
  await Promise.all(servers.map((each) => each.stop()));
  await store.drop();
});
const url = await server.url;
const ada = await newPerson(url, "ada");
const ben = await newPerson(url, "ben");

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;

async function metrics(): Promise<string> {
  const response = await fetch(`${url}/metrics`);
  expect(response.status).toBe(200);
  return response.text();
}

/** The value of one line, by its beginning and what is among its labels. */
async function figure(name: string, ...labels: string[]): Promise<number | undefined> {
  return figureIn(await metrics(), name, ...labels);
}

function figureIn(text: string, name: string, ...labels: string[]): number | undefined {
  const line = text
    .split("\n")
    .find(
      (each) =>
        (each.startsWith(`${name}{`) || each.startsWith(`${name} `)) && labels.every((label) => each.includes(label)),
    );
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ")));
}

async function becomes<T>(look: () => Promise<T>, wanted: T): Promise<void> {
  const until = performance.now() + 5_000;
  for (;;) {
    const found = await look();
    if (Bun.deepEquals(found, wanted)) return;
    if (performance.now() > until) throw new Error(`${String(found)} does not become ${String(wanted)}`);
    await Bun.sleep(10);
  }
}

test("metrics count sends, deliveries, connections and commits, and no address that a client makes up is a label", async () => {
  const { conversation } = await ada.api.call("createConversation", {
    type: "group",
    title: "all",
    memberIds: [ben.user.id],
  });
  const hub = openHub(ben);
  hub.on("ReceiveMessage", () => undefined);
  await hub.start();
  expect(hub.state).toBe(HubConnectionState.Connected);
  const before = (await figure("hubbub_deliveries_total", 'hub="/hubs/chat"')) ?? 0;
  for (let n = 0; n < 3; n++) {
    const message = { conversationId: conversation.id, clientMessageId: newClientMessageId(), text: "secret words" };
    if (n < 2) await ada.api.call("sendMessage", message);
    else await hub.invoke("SendMessage", message);
  }
  expect(await figure("hubbub_operation_seconds_count", 'operation="sendMessage"', 'outcome="OK"')).toBe(3);
  await becomes(async () => ((await figure("hubbub_deliveries_total", 'hub="/hubs/chat"')) ?? 0) - before >= 3, true);
  expect(await figure("hubbub_connections", 'hub="/hubs/chat"', 'transport="WebSockets"')).toBe(1);
  expect(await figure("hubbub_commit_changes_sum", 'kind="batch"')).toBe(3);
  expect(await figure("hubbub_database_pool_size", 'pool="writer"')).toBe(4);
  await becomes(() => figure("hubbub_outbox_waiting"), 0);
  expect(await figure("nodejs_eventloop_lag_seconds")).toBeGreaterThanOrEqual(0);
  for (let n = 0; n < 5; n++) {
    await fetch(`${url}/api/v1/nowhere-${n}`, { method: "BREW" });
    await fetch(`${url}/made-up-${n}`);
    await fetch(`${url}/api/v1/conversations/${crypto.randomUUID()}`);
  }
  const text = await metrics();
  expect(text).not.toMatch(/nowhere|made-up|BREW|secret|ada@/);
  expect(text).not.toContain(conversation.id);
  expect(await figure("hubbub_http_request_seconds_count", '/conversations/:conversationId"', 'status="401"')).toBe(5);
  await hub.stop();
});

test("metrics are for this machine alone, or for who bears the token; to others they do not exist", async () => {
  const forwarded = { headers: { "x-forwarded-for": "203.0.113.7" } };
  expect((await fetch(`${url}/metrics`, forwarded)).status).toBe(404);
  const token = "a token for the one who watches";
  const guarded = await ServerProcess.start({ env: { ...env, HUBBUB_METRICS_TOKEN: token } });
  servers.push(guarded);
  const status = async (authorization?: string) =>
    (await fetch(`${await guarded.url}/metrics`, authorization === undefined ? {} : { headers: { authorization } }))
      .status;
  expect([await status(), await status("Bearer wrong"), await status(`Bearer ${token}`)]).toEqual([404, 404, 200]);
});

test("the trace of a request is in its problem document, in the outbox, and in what its consumer logs", async () => {
  const ask = async (header: string) => {
    const response = await fetch(`${url}/api/v1/users/me`, { headers: { traceparent: header } });
    return (await response.json()).traceId;
  };
  expect(await ask(traceparent)).toBe(TRACE);
  for (const bad of ["", "00-0-0-0", `00-${"0".repeat(32)}-b7ad6b7169203331-01`, `ff-${TRACE}-b7ad6b7169203331-01`]) {
    const made = await ask(bad);
    expect(made).toMatch(/^[\da-f]{32}$/);
    expect(made).not.toBe(TRACE);
  }
  const { kysely: db } = store.database.writer;
  const { conversation } = await ada.api.call("createConversation", { type: "group", title: "traced" });
  await sql`alter table user_inbox add constraint poison check (event <> 'AddedToConversation') not valid`.execute(db);
  const response = await fetch(`${url}/api/v1/conversations/${conversation.id}/members`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await ada.api.accessToken()}`,
      "content-type": "application/json",
      traceparent,
    },
    body: JSON.stringify({ userIds: [ben.user.id] }),
  });
  expect(response.status).toBeLessThan(300);
  const row = () =>
    db.selectFrom("outbox").select(["trace_id", "tries"]).where("event", "=", "MemberAdded").executeTakeFirst();
  await becomes(async () => (await row())?.tries, 1);
  expect((await row())?.trace_id).toBe(TRACE);
  expect(await figure("hubbub_outbox_failures_total", 'event="MemberAdded"')).toBe(1);
  expect(await figure("hubbub_outbox_retrying")).toBe(1);
  await sql`alter table user_inbox drop constraint poison`.execute(db);
  const told = server.output.split("\n").find((line) => line.includes("An event could not be handed on"));
  expect(JSON.parse(told ?? "{}")).toMatchObject({ level: 50, traceId: TRACE, event: "MemberAdded" });
  expect(server.output).toContain("poison");
  expect(server.output).not.toContain("Failing row contains");
});

test("[L9] what fails once too often is logged as an error, counted and listed; its lane goes on, and a requeue mends it", async () => {
  const { kysely: db } = store.database.writer;
  const eve = await newPerson(url, "eve");
  const { conversation } = await ada.api.call("createConversation", { type: "group", title: "poisoned" });
  await sql`alter table user_inbox add constraint poison_eve check (user_id <> ${sql.lit(eve.user.id)}) not valid`.execute(
    db,
  );
  await ada.api.call("addMembers", { conversationId: conversation.id, userIds: [eve.user.id] });
  const rows = () =>
    db
      .selectFrom("outbox")
      .select("tries")
      .where("conversation_id", "=", conversation.id)
      .where("event", "=", "MemberAdded")
      .execute();
  await becomes(async () => (await rows())[0]?.tries, 1);
  await sql`update outbox set tries = 4, claimed_until = now() - interval '1 second' where conversation_id = ${conversation.id}`.execute(
    db,
  );
  const other = await ServerProcess.start({ env });
  servers.push(other);
  await becomes(async () => (await rows()).length, 0);
  const figures = await (await fetch(`${await other.url}/metrics`)).text();
  expect(figureIn(figures, "hubbub_outbox_dead_letters_total")).toBe(1);
  expect(figureIn(figures, "hubbub_dead_letters")).toBe(1);
  const told = other.output.split("\n").find((line) => line.includes("An event is a dead letter"));
  expect(JSON.parse(told ?? "{}")).toMatchObject({ level: 50, event: "MemberAdded" });
  const inbox = () =>
    db
      .selectFrom("user_inbox")
      .select("event")
      .where("user_id", "in", [eve.user.id, ada.user.id])
      .where("conversation_id", "=", conversation.id)
      .execute();
  const { items } = await ada.api.call("listDeadLetters", {});
  const [letter] = items.filter(({ conversationId }) => conversationId === conversation.id);
  if (letter === undefined) throw new Error("The dead letter is not listed");
  await ada.api.call("updateConversation", { conversationId: conversation.id, title: "goes on" });
  const after = () => db.selectFrom("outbox").select("id").where("conversation_id", "=", conversation.id).execute();
  await becomes(async () => (await after()).length, 0);
  await sql`alter table user_inbox drop constraint poison_eve`.execute(db);
  await ada.api.call("requeueDeadLetter", { deadLetterId: letter.id });
  await becomes(
    async () => (await inbox()).map(({ event }) => event).toSorted(),
    ["AddedToConversation", "NewConversationCreated"],
  );
}, 20_000);

test("a Redis that is away is named, and turns nobody away: nodes hear of each other by the database", async () => {
  const joined = await ServerProcess.start({ env: { ...env, REDIS_URL: `redis://127.0.0.1:${await freePort()}` } });
  servers.push(joined);
  const response = await fetch(`${await joined.url}/health/ready`);
  expect([response.status, await response.json()]).toEqual([200, { status: "ready", degraded: ["redis"] }]);
});
