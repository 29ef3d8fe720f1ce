import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  type ConversationId,
  laneOf,
  type MessageId,
  newConversationId,
  newMessageId,
  operations,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../src/testing/database.ts";
import { ReadMeter } from "../src/testing/read-meter.ts";
import { addPeople, must, TestNode } from "../src/testing/test-node.ts";

/** Of whom and of what there are few, and many. */
const few = { members: 300, messages: 300, conversations: 60 } as const;
const many = { members: 6_000, messages: 6_000, conversations: 900 } as const;

interface Place {
  /** In `conversations` conversations. */
  readonly reader: UserId;
  /** With `members` members and `messages` messages. */
  readonly channel: ConversationId;
  readonly message: MessageId;
  readonly messages: number;
  /** Has said three things there, long ago, one of them with the only link. */
  readonly quiet: UserId;
}

let store: TestDatabase;
let meter: ReadMeter;
let node: TestNode;
let small: Place;
let large: Place;
let epoch: string;

beforeAll(async () => {
  store = await createTestDatabase();
  small = await makePlace(few);
  large = await makePlace(many);
  await sql`vacuum analyze`.execute(store.database.writer.kysely);
  epoch = (await store.database.reads.kysely.selectFrom("installation").select("epoch").executeTakeFirstOrThrow())
    .epoch;
  meter = new ReadMeter(store.url);
  node = new TestNode(store.url, { reads: meter.db });
}, 120_000);

afterAll(async () => {
  await node.close();
  await meter.close();
  await store.drop();
});

async function makePlace(size: typeof few | typeof many): Promise<Place> {
  const db = store.database.writer.kysely;
  const [reader, writer, quiet] = await addPeople(db, 3);
  const ids = Array.from({ length: size.conversations }, (_, n) => newConversationId(Date.UTC(2026, 0, 1) + n));
  const [channel] = ids;
  if (reader === undefined || writer === undefined || quiet === undefined || channel === undefined)
    throw new Error("too few");
  await sql`
    insert into conversations (lane, id, type, title, visibility, posting, history_visibility, member_count, seq, pts, created_by)
    select lane, id, 'channel', 'One of many', 'private', 'everyone', 'all', 2, 0, 0, ${reader}
    from unnest(${ids.map(laneOf)}::smallint[], ${ids}::uuid[]) c(lane, id)`.execute(db);
  await sql`
    insert into conversation_members (lane, conversation_id, user_id, role, joined_pts, visible_from_seq, read_seq, delivered_seq)
    select c.lane, c.id, u, 'owner', 0, 1, 0, 0
    from unnest(${ids.map(laneOf)}::smallint[], ${ids}::uuid[]) c(lane, id), unnest(array[${reader}::uuid, ${writer}::uuid]) u
    union all select ${laneOf(channel)}, ${channel}::uuid, uuidv7(), 'member', 0, 1, 0, 0
    from generate_series(1, ${size.members - 2}::integer)`.execute(db);
  await sql`
    update conversations set member_count = ${size.members}, seq = ${size.messages}, pts = ${size.messages}, last_activity_at = now()
    where lane = ${laneOf(channel)} and id = ${channel}`.execute(db);
  const messages = Array.from({ length: size.messages }, (_, n) => newMessageId(channel, Date.UTC(2026, 1, 1) + n));
  await sql`
    with written as (
      insert into messages (lane, conversation_id, seq, id, pts, sender_id, client_message_id, kind, text, created_at)
      select ${laneOf(channel)}, ${channel}, nth, id, nth, case when nth <= 3 then ${quiet}::uuid else ${writer}::uuid end,
             uuidv7(), 'text', case when nth = 2 then 'Said https://example.org' else rpad('Said', 300, ' much') end,
             now() + nth * interval '1 ms'
      from unnest(${messages}::uuid[]) with ordinality m(id, nth) returning *
    )
    insert into conversation_changes (lane, conversation_id, pts, event, actor_id, seq, created_at)
    select lane, conversation_id, pts, 'ReceiveMessage', sender_id, seq, created_at from written`.execute(db);
  const message = messages[messages.length / 2];
  if (message === undefined) throw new Error("too few");
  return { reader, channel, message, messages: size.messages, quiet };
}

const { listMembers, listMessages, listChanges, getMessage, listPins, getConversation } = operations;
const { listReceipts, listMessageReceipts, sync } = operations;

const ofChannel = ({ channel: conversationId }: Place) => ({ conversationId });
const ofMessage = ({ message: messageId }: Place) => ({ messageId });

test.each([
  ["the first members", listMembers, ofChannel],
  ["the newest messages", listMessages, ofChannel],
  ["the messages around one", listMessages, (place: Place) => ({ ...ofChannel(place), aroundSeq: 30 })],
  ["the first changes", listChanges, ofChannel],
  ["the pins", listPins, ofChannel],
  ["the receipts", listReceipts, ofChannel],
  ["the conversation", getConversation, ofChannel],
  ["a message", getMessage, ofMessage],
  ["a message's receipts", listMessageReceipts, ofMessage],
  ["a first sync", sync, ({ channel }: Place) => ({ conversations: { [channel]: 1 } })],
  [
    ...(["a sync of two changes", sync] as const),
    ({ channel, messages }: Place) => ({ epoch, userPts: 0, conversations: { [channel]: messages - 2 } }),
  ],
] as const)(
  "%s read as few pages where there are many members, messages and conversations",
  async (_, row, request) => {
    const pagesAt = (place: Place) =>
      meter.pagesOf(async () => void must(await node.call<unknown>(row, place.reader, request(place))));
    const [fewPages, manyPages] = [await pagesAt(small), await pagesAt(large)];
    // all of the channel's members, or all of the reader's conversations, are more than a hundred
    expect(manyPages).toBeLessThanOrEqual(fewPages + 50);
  },
);

test("a page of someone's conversations reads of the others only when they were last spoken in", async () => {
  const pagesAt = ({ reader }: Place) =>
    meter.pagesOf(async () => void must(await node.call(operations.listConversations, reader, { limit: 50 })));
  const [fewPages, manyPages] = [await pagesAt(small), await pagesAt(large)];
  // the membership, and the conversation by its key
  expect(manyPages).toBeLessThanOrEqual(fewPages + 5 * (many.conversations - few.conversations));
}, 60_000);

test("a usual word from someone who said little, or with a seldom link, is found without reading all who said it", async () => {
  const search = async (more: object) =>
    must(await node.call(operations.searchMessages, large.reader, { q: "said", ...more })).items.length;
  const channel = { conversationId: large.channel };
  for (const [filter, found] of [
    [{ from: large.quiet }, 3],
    [{ has: "link" }, 1],
    [{ from: large.quiet, ...channel }, 3],
  ] as const) {
    expect(await search(filter)).toBe(found);
    const pages = await meter.pagesOf(() => search(filter));
    const pagesForNothing = await meter.pagesOf(() => search({ ...filter, q: "nothing" }));
    expect(pages).toBeLessThanOrEqual(pagesForNothing + 50);
  }
}, 120_000);

test("a public channel is found by two characters of its title or topic, however many there are", async () => {
  const ids = Array.from({ length: 3_000 }, (_, n) => newConversationId(Date.UTC(2026, 2, 1) + n));
  const db = store.database.writer.kysely;
  await sql`
    insert into conversations (lane, id, type, title, topic, visibility, posting, history_visibility, member_count, created_by)
    select lane, id, 'channel', case when nth % 1000 = 7 then '雑談 ' else 'Usual ' end || nth, case when nth = 5 then '50%_Off!' end,
           'public', 'everyone', 'all', 0, ${large.reader}
    from unnest(${ids.map(laneOf)}::smallint[], ${ids}::uuid[]) with ordinality c(lane, id, nth)`.execute(db);
  await sql`vacuum analyze conversations`.execute(db);
  const titles = async (query: string, page: object = {}) =>
    must(await node.call(operations.listPublicConversations, large.reader, { query, ...page })).items.map(
      (each) => each.title,
    );
  expect(await titles("雑談")).toEqual(["雑談 2007", "雑談 1007", "雑談 7"]);
  expect(await titles("談", { limit: 2 })).toEqual(["雑談 2007", "雑談 1007"]);
  expect(await titles("0%_oFF")).toEqual(["Usual 5"]);
  expect(await titles("usual", { limit: 2, cursor: ids[100] })).toEqual(["Usual 100", "Usual 99"]);
  expect(await titles("ual 4", { limit: 200 })).toEqual(
    ids
      .flatMap((_, index) =>
        String(index + 1).startsWith("4") && (index + 1) % 1000 !== 7 ? [`Usual ${index + 1}`] : [],
      )
      .reverse(),
  );
  // the five hundred that are looked at, and not all three thousand
  for (const query of ["雑談", "usual", "nothing"]) {
    const pages = await meter.pagesOf(() => titles(query));
    expect([query, pages < 100]).toEqual([query, true]);
  }
}, 60_000);

test("[L12] the daily look for what is too old reads as much of a long conversation as of a short one", async () => {
  const { count } = await store.database.reads.kysely
    .selectFrom("conversations")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  // its row, and its oldest message by the key
  expect(await meter.pagesOf(() => node.trimHistory())).toBeLessThan(8 * count);
}, 60_000);
