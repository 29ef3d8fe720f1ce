import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  type ConversationId,
  laneOf,
  newMessageId,
  type OperationRequest,
  operations,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { seededRandom, testSeed } from "../../testing/seeded-random.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";

/** More than is ever walked over, so that every way of searching is taken. */
const MESSAGES = 9_000;
const random = seededRandom(testSeed());
const below = (most: number) => Math.floor(random() * most);
const pick = <T>(list: readonly [T, ...T[]]): T => list[below(list.length)] ?? list[0];

interface Said {
  readonly id: string;
  readonly conversationId: ConversationId;
  readonly seq: number;
  readonly sender: UserId;
  readonly at: number;
  /** What is said, or of some what a file is called. */
  readonly text: string;
  readonly isFile: boolean;
}

let store: TestDatabase;
let node: TestNode;
let people: [UserId, ...UserId[]];
let conversations: [ConversationId, ...ConversationId[]];
let said: Said[];
/** From which seq someone sees a conversation; absent: they are no member. */
const visibleFrom = new Map<string, number>();

/** Words of every rarity, some of them long ago alone. */
function textOf(n: number): string {
  const words = [`n${n % 97}`];
  if (random() < 0.33) words.push("common");
  if (random() < 0.03) words.push("Usuál");
  if (random() < 0.005) words.push("seldom");
  if (n < MESSAGES / 10) words.push("olden");
  if (n % 3_000 === 17) words.push("rarity");
  if (random() < 0.05) words.push("日本語");
  if (random() < 0.02) words.push("https://example.org");
  return words.join(" ");
}

beforeAll(async () => {
  store = await createTestDatabase();
  node = new TestNode(store.url);
  const [first, ...others] = await addPeople(store.database.reads.kysely, 4);
  if (first === undefined) throw new Error("Some people are needed");
  people = [first, ...others];
  const made: ConversationId[] = [];
  for (let n = 0; n < 20; n++) {
    const group = {
      type: "group",
      title: `${n}`,
      memberIds: others.filter((_, index) => n % (index + 2) === 0),
    } as const;
    made.push(must(await node.call(operations.createConversation, first, group)).conversation.id);
  }
  const [one, ...more] = made;
  if (one === undefined) throw new Error("Some conversations are needed");
  conversations = [one, ...more];
  said = talk();
  await write();
}, 60_000);

afterAll(async () => {
  await node.close();
  await store.drop();
});

/** Conversation by conversation more seldom; times stand still now and then, as within a batch. */
function talk(): Said[] {
  const seqs = new Map<ConversationId, number>();
  let at = Date.UTC(2026, 0, 1);
  return Array.from({ length: MESSAGES }, (_, n) => {
    if (random() < 0.7) at += below(3_600_000);
    const conversationId = conversations[below(1 + below(20))] ?? conversations[0];
    const seq = (seqs.get(conversationId) ?? 0) + 1;
    seqs.set(conversationId, seq);
    return {
      id: newMessageId(conversationId, at),
      conversationId,
      seq,
      sender: pick(people),
      at,
      text: textOf(n),
      isFile: n % 11 === 0,
    };
  });
}

async function write(): Promise<void> {
  const db = store.database.writer.kysely;
  const rows = said.map((each) => ({ ...each, lane: laneOf(each.conversationId), at: new Date(each.at) }));
  await sql`delete from messages`.execute(db); // what the system said of the creation
  await sql`
    insert into messages (lane, conversation_id, seq, id, pts, sender_id, kind, text, media, created_at)
    select r.lane, r."conversationId", r.seq, r.id, r.seq, r.sender, 'text', case when not r."isFile" then r.text end,
           case when r."isFile" then jsonb_build_array(jsonb_build_object(
             'id', r.id, 'fileName', r.text, 'contentType', 'text/plain', 'size', 1)) end, r.at
    from jsonb_to_recordset(${{ rows }}::jsonb -> 'rows')
      r(lane smallint, "conversationId" uuid, seq bigint, id uuid, sender uuid, text text, "isFile" boolean, at timestamptz)`.execute(
    db,
  );
  await sql`update conversation_members set visible_from_seq = 1 + (hashtext(conversation_id::text || user_id::text) & 127)
    where hashtext(user_id::text || conversation_id::text) % 3 = 0`.execute(db);
  await sql`update conversation_members set left_pts = 1 where hashtext(user_id::text || conversation_id::text) % 7 = 1`.execute(
    db,
  );
  await sql`analyze messages`.execute(db);
  const members = await db
    .selectFrom("conversation_members")
    .select(["conversation_id", "user_id", "visible_from_seq"])
    .where("left_pts", "is", null)
    .execute();
  for (const { conversation_id, user_id, visible_from_seq } of members)
    visibleFrom.set(`${conversation_id} ${user_id}`, visible_from_seq);
}

type Query = OperationRequest<"searchMessages">;

/** Every message is looked at. */
function expected(user: UserId, { q, conversationId, from, before, after, has }: Query): string[] {
  const fold = (text: string) =>
    text
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase();
  const matches = (text: string, term: string) =>
    /\p{Script=Han}/u.test(term)
      ? text.includes(term)
      : text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(term));
  return said
    .filter(
      (each) =>
        each.seq >= (visibleFrom.get(`${each.conversationId} ${user}`) ?? Number.POSITIVE_INFINITY) &&
        (conversationId === undefined || each.conversationId === conversationId) &&
        (from === undefined || each.sender === from) &&
        (has === undefined || (each.isFile ? has !== "link" : has === "link" && each.text.includes("https://"))) &&
        (before === undefined || each.at < Date.parse(before)) &&
        (after === undefined || each.at >= Date.parse(after)) &&
        (q === undefined ||
          fold(q)
            .split(" ")
            .every((term) => matches(fold(each.text), term))),
    )
    .sort((a, b) => (conversationId === undefined ? b.at - a.at || (a.id < b.id ? 1 : -1) : b.seq - a.seq))
    .map(({ id }) => id);
}

async function found(user: UserId, query: Query, pages: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; cursor !== null && page < pages; page++) {
    const request: Query = { ...query, ...(cursor !== undefined && { cursor }) };
    const answer = must(await node.call(operations.searchMessages, user, request));
    ids.push(...answer.items.map(({ message }) => message.id));
    cursor = answer.nextCursor;
  }
  return ids;
}

function randomQuery(): Query {
  const words = ["common", "usual", "seldom", "olden", "rarity", "日本", "n1", "com", "nothing"] as const;
  const moment = () => new Date(pick([said[below(said.length)]])?.at ?? 0).toISOString();
  const q = random() < 0.3 ? `${pick(words)} ${pick(words)}` : pick(words);
  return {
    ...(random() < 0.15 ? { has: pick(["link", "media", "file"]) } : { q }),
    limit: pick([1, 20, 50, 200]),
    ...(random() < 0.4 && { conversationId: pick(conversations) }),
    ...(random() < 0.3 && { from: pick(people) }),
    ...(random() < 0.3 && { has: pick(["link", "media", "file"]) }),
    ...(random() < 0.2 && { before: moment() }),
    ...(random() < 0.2 && { after: moment() }),
  };
}

test("[L10] a search tells what looking at every message would, page by page, however usual the words are", async () => {
  const PAGES = 4;
  let notEmpty = 0;
  for (let n = 0; n < 150; n++) {
    const user = pick(people);
    const query = randomQuery();
    const wanted = expected(user, query).slice(0, PAGES * Number(query.limit));
    expect([query, await found(user, query, PAGES)]).toEqual([query, wanted]);
    if (wanted.length > 0) notEmpty++;
  }
  expect(notEmpty).toBeGreaterThan(50);
}, 120_000);
