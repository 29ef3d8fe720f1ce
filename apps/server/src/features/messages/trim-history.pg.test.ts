import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  type ConversationId,
  laneOf,
  type Message,
  newClientMessageId,
  type OperationRow,
  operations,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";

let store: TestDatabase;
let node: TestNode;

beforeAll(async () => {
  store = await createTestDatabase();
  node = new TestNode(store.url);
});

afterAll(async () => {
  await node.close();
  await store.drop();
});

const db = () => store.database.writer.kysely;

function fail(why: string): never {
  throw new Error(why);
}

async function newGroup(owner: UserId, memberIds: readonly UserId[], retentionDays?: number): Promise<ConversationId> {
  const days = retentionDays === undefined ? {} : { retentionDays };
  const input = { type: "group", title: "A group", memberIds, ...days };
  return must(await node.call(operations.createConversation, owner, input)).conversation.id;
}

async function send(conversationId: ConversationId, sender: UserId, text: string, more: object = {}): Promise<Message> {
  const input = { conversationId, clientMessageId: newClientMessageId(), text, ...more };
  return must(await node.call(operations.sendMessage, sender, input)).message;
}

/** As if what there is had been sent so many days ago. */
const age = (conversationId: ConversationId, days: number) =>
  sql`
    update messages set created_at = created_at - make_interval(days => ${days})
    where lane = ${laneOf(conversationId)} and conversation_id = ${conversationId}
  `.execute(db());

const textsOf = async (conversationId: ConversationId, reader: UserId) =>
  must(await node.call(operations.listMessages, reader, { conversationId })).items.flatMap(({ text = [] }) => text);

test("[L12] what is older than a conversation keeps goes, and nothing of it is left: not in history, search, pins, quotes, counts, or any table", async () => {
  const [owner = fail("nobody"), reader = fail("nobody")] = await addPeople(db(), 2);
  const conversationId = await newGroup(owner, [reader], 30);
  const needle = `needle${crypto.randomUUID().replaceAll("-", "")}`;
  const old = await send(conversationId, owner, `${needle} before`, { mentions: [reader] });
  must(await node.call(operations.editMessage, owner, { messageId: old.id, text: `${needle} old` }));
  must(await node.call(operations.react, reader, { messageId: old.id, emoji: "🦄" }));
  must(await node.call(operations.pinMessage, owner, { messageId: old.id }));
  await send(conversationId, owner, `${needle} in its thread`, { threadRootId: old.id });
  await age(conversationId, 40);
  const kept = await send(conversationId, owner, "Kept", { replyToId: old.id });
  const conversation = async () =>
    must(await node.call(operations.getConversation, reader, { conversationId })).conversation;
  const before = await conversation();
  expect(before.me).toMatchObject({ unread: 2, unreadMentions: 1 });

  await node.trimHistory();

  const after = await conversation();
  expect({ seq: after.seq, pts: after.pts }).toEqual({ seq: before.seq, pts: before.pts + 1 });
  expect(after.me).toMatchObject({ unread: 1, unreadMentions: 0 });
  expect(await textsOf(conversationId, reader)).toEqual(["Kept"]);
  expect(must(await node.call(operations.listPins, reader, { conversationId })).items).toEqual([]);
  expect(must(await node.call(operations.searchMessages, reader, { q: needle })).items).toEqual([]);
  const byId: readonly [OperationRow<unknown, unknown>, object][] = [
    [operations.getMessage, { messageId: kept.replyTo?.id }],
    [operations.listMessageEdits, { messageId: old.id }],
    [operations.listMessageReceipts, { messageId: old.id }],
    [operations.react, { messageId: old.id, emoji: "👍" }],
    [operations.forwardMessage, { messageId: old.id, conversationIds: [conversationId] }],
    [operations.listMessages, { conversationId, threadRootId: old.id }],
  ];
  for (const [row, input] of byId)
    expect(await node.call(row, reader, input)).toEqual({ ok: false, failure: { code: "NOT_FOUND" } });
  const { items } = must(await node.call(operations.listChanges, reader, { conversationId, limit: 200 }));
  expect(items.map(({ pts }) => pts)).toEqual(Array.from({ length: after.pts }, (_, index) => index + 1));
  const trimmed = { conversationId, beforeSeq: kept.seq, pts: after.pts };
  expect(items.at(-1)).toEqual({
    pts: after.pts,
    event: "HistoryTrimmed",
    createdAt: expect.any(String),
    payload: trimmed,
  });
  expect(node.broadcaster.pushes.find(({ event }) => event === "HistoryTrimmed")?.payload).toEqual(trimmed);

  await sql`analyze`.execute(db());
  const { rows } = await sql<{ name: string }>`
    select quote_ident(tablename) as name from pg_tables where schemaname = 'public' union all select 'pg_stats'
  `.execute(db());
  for (const { name } of rows)
    for (const text of [needle, "🦄"]) {
      const { rows: hits } = await sql`select from ${sql.raw(name)} t where position(${text} in t::text) > 0`.execute(
        db(),
      );
      expect({ name, text, hits: hits.length }).toEqual({ name, text, hits: 0 });
    }
});

test("[L12] a conversation keeps its messages for its own time, else for the server's; once more takes nothing", async () => {
  const [owner = fail("nobody")] = await addPeople(db(), 1);
  const own = await newGroup(owner, [], 500);
  const usual = await newGroup(owner, []);
  const young = await newGroup(owner, []);
  for (const id of [own, usual, young]) await send(id, owner, "x");
  await age(own, 400);
  await age(usual, 400);
  await age(young, 364);
  await node.trimHistory();
  const left = async () => Promise.all([own, usual, young].map(async (id) => (await textsOf(id, owner)).length));
  expect(await left()).toEqual([1, 0, 1]);
  must(await node.call(operations.updateConversation, owner, { conversationId: own, retentionDays: 7 }));
  await node.trimHistory();
  expect(await left()).toEqual([0, 0, 1]);
  const pushed = () => node.broadcaster.pushes.filter(({ event }) => event === "HistoryTrimmed").length;
  const before = pushed();
  await node.trimHistory();
  expect(pushed()).toBe(before);
});

test("[L3] [L12] a long history goes in batches, on two nodes at once, among sends: a change each, and nothing of today", async () => {
  const [owner = fail("nobody")] = await addPeople(db(), 1);
  const conversationId = await newGroup(owner, []);
  const lane = laneOf(conversationId);
  const count = 2_500;
  await sql`
    insert into messages (lane, conversation_id, seq, id, pts, sender_id, client_message_id, kind, text, created_at)
    select ${lane}, ${conversationId}, 1 + n, gen_random_uuid(), 1 + n, ${owner}, gen_random_uuid(), 'text', 'old', now() - interval '2 years'
    from generate_series(1, ${count}::integer) n
  `.execute(db());
  await sql`
    insert into conversation_changes (lane, conversation_id, pts, event, actor_id, seq, created_at)
    select ${lane}, ${conversationId}, 1 + n, 'ReceiveMessage', ${owner}, 1 + n, now() - interval '2 years'
    from generate_series(1, ${count}::integer) n
  `.execute(db());
  await sql`update messages set created_at = now() - interval '3 years' where conversation_id = ${conversationId} and seq = 1`.execute(
    db(),
  );
  await sql`update conversations set seq = ${count} + 1, pts = ${count} + 1 where lane = ${lane} and id = ${conversationId}`.execute(
    db(),
  );
  const other = new TestNode(store.url);
  const sends = Array.from({ length: 30 }, (_, index) => send(conversationId, owner, `new ${index}`));
  await Promise.all([node.trimHistory(), other.trimHistory(), ...sends]);
  await other.close();
  expect((await textsOf(conversationId, owner)).toSorted()).toEqual(
    Array.from({ length: 30 }, (_, index) => `new ${index}`).toSorted(),
  );
  const { rows } = await sql<{ event: string; count: number }>`
    select event, count(*) as count from conversation_changes
    where lane = ${lane} and conversation_id = ${conversationId} and pts > ${count} + 1 group by event
  `.execute(db());
  const counted = new Map(rows.map((row) => [row.event, row.count]));
  expect(counted.get("ReceiveMessage")).toBe(30);
  expect(counted.get("HistoryTrimmed")).toBe(3);
  expect([...node.errors, ...other.errors]).toEqual([]);
});
