import { afterAll, expect, test } from "bun:test";
import type { UserId, UserStatus } from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase } from "../../src/testing/database.ts";
import { ServerProcess } from "../../src/testing/server-process.ts";
import { newPerson, openHub, type Person } from "../crash/person.ts";
import { becomes } from "./fleet.ts";

const store = await createTestDatabase();
const nodes: ServerProcess[] = [];
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await store.drop();
});

/** A node that shares nothing with the others but the database: no Redis. */
async function startNode(): Promise<ServerProcess> {
  const env = { DATABASE_URL: store.url, HUBBUB_SECRET_KEY: "a key of at least 32 bytes, for a test" };
  const node = await ServerProcess.start({ env });
  nodes.push(node);
  return node;
}

/** Someone at one node, with all that they were told of presence and typing. */
async function join(node: ServerProcess, username: string) {
  const person = await newPerson(await node.url, username);
  const hub = openHub(person);
  const heard: UserStatus[] = [];
  const typing: string[] = [];
  hub.on("UserStatusChanged", (status: UserStatus) => heard.push(status));
  hub.on("UserStartedTyping", ({ userId }: { userId: UserId }) => typing.push(userId));
  await hub.start();
  const lastOf = (id: UserId) => heard.findLast(({ userId }) => userId === id);
  return { person, hub, heard, lastOf, typing, id: person.user.id };
}

const watch = async ({ hub }: { hub: ReturnType<typeof openHub> }, ...people: readonly Person[]) =>
  hub.invoke<UserStatus[]>(
    "WatchPresence",
    people.map(({ user }) => user.id),
  );

test("[PR1] nodes that share the database alone tell each other's watchers; a killed one leaves nobody online beyond its lease", async () => {
  const [first, second] = [await startNode(), await startNode()];
  const ann = await join(first, "ann");
  const ben = await join(second, "ben");
  ann.heard.push(...(await watch(ann, ben.person)));
  await becomes("Ann sees Ben on the other node", () => ann.lastOf(ben.id)?.presence === "online", 5_000);
  await ben.hub.invoke("UpdateStatus", { presence: "away" });
  await becomes("Ann hears of Ben's status", () => ann.lastOf(ben.id)?.presence === "away", 5_000);

  const killedAt = Date.now();
  second.kill("SIGKILL");
  await becomes("Ben is offline", () => ann.lastOf(ben.id)?.presence === "offline", 25_000);
  const { lastSeenAt = "" } = ann.lastOf(ben.id) ?? {};
  expect(Date.parse(lastSeenAt)).toBeGreaterThan(killedAt - 10_000);
  expect(Date.parse(lastSeenAt)).toBeLessThanOrEqual(killedAt + 1_000);
  const left = await sql`select 1 from present_users where user_id = ${ben.id}::uuid`.execute(
    store.database.reads.kysely,
  );
  expect(left.rows).toEqual([]);
  await ann.hub.stop();
}, 60_000);

test("[PR4] [PR7] whom a person blocks learns nothing of them: no presence, no status, no typing, on any node; settings hold at once too", async () => {
  const [first, second] = [await startNode(), await startNode()];
  const cat = await join(first, "cat");
  const dan = await join(second, "dan");
  const eve = await join(first, "eve");
  const { api } = cat.person;
  const { conversation } = await api.call("createConversation", {
    type: "group",
    title: "all",
    memberIds: [dan.id, eve.id],
  });
  for (const guest of [dan, eve]) {
    guest.heard.push(...(await watch(guest, cat.person)));
    await becomes("Cat is seen", () => guest.lastOf(cat.id)?.presence === "online", 5_000);
    await guest.hub.invoke("JoinConversation", conversation.id);
  }
  const db = store.database.writer.kysely;
  await sql`insert into blocks (user_id, blocked_id) values (${cat.id}::uuid, ${dan.id}::uuid)`.execute(db);
  await becomes("Cat has vanished for Dan", () => dan.lastOf(cat.id)?.presence === "offline", 5_000);
  expect(dan.lastOf(cat.id)).toEqual({ userId: cat.id, presence: "offline" });
  const told = () => dan.heard.filter(({ userId }) => userId === cat.id).length;
  const toldBefore = told();

  await cat.hub.invoke("UpdateStatus", { presence: "busy", text: "Secret" });
  await becomes("Eve hears of it", () => eve.lastOf(cat.id)?.presence === "busy", 5_000);
  await cat.hub.invoke("StartTyping", conversation.id);
  await becomes("Eve sees Cat typing", () => eve.typing.includes(cat.id), 5_000);
  const seenBy = async (guest: typeof dan) => (await guest.person.api.call("getUser", { userId: cat.id })).user;
  expect((await seenBy(eve)).presence).toBe("busy");
  const { status, lastSeenAt, presence } = await seenBy(dan);
  expect([presence, status, lastSeenAt]).toEqual(["offline", undefined, undefined]);
  expect(await watch(dan, cat.person)).toEqual([{ userId: cat.id, presence: "offline" }]);

  await sql`insert into user_settings (user_id, see_presence) values (${cat.id}::uuid, 'nobody')`.execute(db);
  await becomes("Cat has vanished for Eve", () => eve.lastOf(cat.id)?.presence === "offline", 5_000);
  expect(eve.lastOf(cat.id)).toEqual({ userId: cat.id, presence: "offline" });
  await sql`
    insert into friendships (low_user_id, high_user_id, status, requested_by)
    values (least(${cat.id}::uuid, ${eve.id}::uuid), greatest(${cat.id}::uuid, ${eve.id}::uuid), 'accepted', ${eve.id}::uuid)
  `.execute(db);
  await sql`update user_settings set see_presence = 'friends' where user_id = ${cat.id}::uuid`.execute(db);
  await becomes("friends see Cat again", () => eve.lastOf(cat.id)?.presence === "busy", 5_000);
  expect([told(), dan.typing]).toEqual([toldBefore, []]);
  await Promise.all([cat, dan, eve].map(({ hub }) => hub.stop()));
}, 60_000);
