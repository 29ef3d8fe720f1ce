import { afterAll, beforeAll, expect, test } from "bun:test";
import { newClientMessageId, operations, type UserId } from "@hubbub/contract";
import { Progress } from "@hubbub/progress";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../../apps/server/src/testing/database.ts";
import { must, TestNode } from "../../../apps/server/src/testing/test-node.ts";
import { optionsFor, type Seeded, seed } from "../src/seed.ts";

let store: TestDatabase;
let node: TestNode;
let seeded: Seeded;
let first: UserId;
const options = { ...optionsFor(2_000), channelMembers: 1_200 };

beforeAll(async () => {
  store = await createTestDatabase();
  seeded = await seed(store.url, options, "-", new Progress({ write: () => undefined }));
  node = new TestNode(store.url);
  const [one] = seeded.people;
  if (one === undefined) throw new Error("Nobody was seeded");
  first = one;
}, 60_000);

afterAll(async () => {
  await node.close();
  await store.drop();
});

function never(): never {
  throw new Error("The seed has not made what the test looks for");
}

/** What a query finds wrong: nothing. */
async function wrong(query: string): Promise<unknown[]> {
  return (await sql.raw(query).execute(store.database.reads.kysely)).rows;
}

/** Each counts what operations keep equal, and names the rows where it is not. */
const invariants: Readonly<Record<string, string>> = {
  "[L1] numbers of messages and changes begin at 1 and have no gap": `
    select c.id from conversations c
    left join lateral (select count(*) n, coalesce(max(seq), 0) top from messages m where m.lane = c.lane and m.conversation_id = c.id) m on true
    left join lateral (select count(*) n, coalesce(max(pts), 0) top from conversation_changes x where x.lane = c.lane and x.conversation_id = c.id) x on true
    where (m.n, m.top, x.n, x.top) is distinct from (c.seq, c.seq, c.pts, c.pts)`,
  "[L2] a message stands at the pts of its latest change": `
    select m.id from messages m
    where m.pts <> (
      select max(x.pts) from conversation_changes x
      left join messages r on r.lane = x.lane and r.conversation_id = x.conversation_id and r.seq = x.seq
      where x.lane = m.lane and x.conversation_id = m.conversation_id
        and (x.seq = m.seq or (x.event = 'ReceiveMessage' and r.thread_root_seq = m.seq)))`,
  "times never run against numbers": `
    select m.id from messages m join messages later on later.lane = m.lane and later.conversation_id = m.conversation_id and later.seq = m.seq + 1
    where later.created_at < m.created_at`,
  "a conversation was last active with its newest message": `
    select c.id from conversations c where c.seq > 0 and c.last_activity_at <> (
      select m.created_at from messages m where m.lane = c.lane and m.conversation_id = c.id and m.seq = c.seq)`,
  "[L15] a root tells its thread": `
    select m.id from messages m
    where (m.thread - 'lastReplyAt') is distinct from (recount_thread(m.lane, m.conversation_id, m.seq) - 'lastReplyAt')`,
  "[L11] a message tells its reactions and edits": `
    select m.id from messages m
    where m.reactions is distinct from (
        select jsonb_agg(jsonb_build_object('emoji', r.emoji, 'count', r.n, 'userIds', r.users) order by r.began)
        from (select emoji, count(*) n, jsonb_agg(user_id order by pts) users, min(pts) began from message_reactions r
              where r.lane = m.lane and r.conversation_id = m.conversation_id and r.seq = m.seq group by emoji) r)
      or (m.edited_at is not null) <> exists (
        select 1 from message_edits e where e.lane = m.lane and e.conversation_id = m.conversation_id and e.seq = m.seq)`,
  "[L23] mentions are entered": `
    select m.id from messages m
    where coalesce(jsonb_array_length(m.mentions), 0) <> (
      select count(*) from message_mentions x where x.lane = m.lane and x.conversation_id = m.conversation_id and x.seq = m.seq)`,
  "replies name a message before them": `
    select m.id from messages m
    left join messages r on r.lane = m.lane and r.id = m.reply_to_id and r.conversation_id = m.conversation_id
     and r.seq = m.reply_to_seq and r.sender_id = m.reply_to_sender_id and r.seq < m.seq
    where m.reply_to_id is not null and r.id is null`,
  "senders are members, and members are counted": `
    select c.id from conversations c
    where c.member_count <> (select count(*) from conversation_members m where m.lane = c.lane and m.conversation_id = c.id and m.left_pts is null)
    union all
    select m.id from messages m where not exists (
      select 1 from conversation_members p where p.lane = m.lane and p.conversation_id = m.conversation_id and p.user_id = m.sender_id)`,
  "[L22] nobody is behind their own words, or ahead of everyone's": `
    select p.user_id from conversation_members p join conversations c on c.lane = p.lane and c.id = p.conversation_id
    where p.read_seq > p.delivered_seq or p.delivered_seq > c.seq or p.read_seq < (
      select coalesce(max(m.seq), 0) from messages m where m.lane = p.lane and m.conversation_id = p.conversation_id and m.sender_id = p.user_id)`,
  "[L16] an inbox stands at its newest entry and tells of each conversation": `
    select u.id from users u
    where u.user_pts <> (select coalesce(max(i.user_pts), 0) from user_inbox i where i.user_id = u.id)
      or (select count(*) from conversation_members m where m.user_id = u.id) <> (
        select count(*) from user_inbox i where i.user_id = u.id and i.event in ('NewConversationCreated', 'AddedToConversation'))`,
  "[L9] nothing waits to be told": "select id from outbox",
  "its clock is gone": "select 1 from pg_namespace where nspname = 'hubbub_seed'",
};

test.each(Object.entries(invariants))(
  "what is seeded is as operations would have left it: %s",
  async (_name, query) => {
    expect(await wrong(query)).toEqual([]);
  },
);

test("it has the sizes that were asked for, threads, replies, reactions, edits and mentions among them", async () => {
  const { rows } = await sql<Record<string, number>>`
    select count(*)::integer as messages, max(seq)::integer as longest,
           count(*) filter (where thread is not null)::integer as threads,
           count(*) filter (where reply_to_id is not null)::integer as replies,
           count(*) filter (where reactions is not null)::integer as reacted,
           count(*) filter (where edited_at is not null)::integer as edited,
           count(*) filter (where mentions is not null)::integer as mentioning,
           (select max(member_count)::integer from conversations) as members,
           (select count(*)::integer from conversations) as conversations
    from messages`.execute(store.database.reads.kysely);
  const [{ threads, replies, reacted, edited, mentioning, ...sizes } = {}] = rows;
  const { messages, longest, channelMembers: members, conversations } = options;
  expect(sizes).toEqual({ messages, longest, members, conversations });
  for (const some of [threads, replies, reacted, edited, mentioning]) expect(some).toBeGreaterThan(10);
});

test("operations read it and go on from it", async () => {
  const [longest] = seeded.conversations;
  const conversationId = longest?.id ?? never();
  const page = must(await node.call(operations.listMessages, first, { conversationId, threads: "include" }));
  expect(page.items.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, index) => 151 + index));
  const said = page.items.findLast(({ text = "" }) => /^[A-Za-z]+ /.test(text)) ?? never();
  const query = { q: said.text?.split(" ")[0] ?? never(), conversationId, limit: 200 };
  const found = must(await node.call(operations.searchMessages, first, query));
  expect(found.items.map(({ message }) => message.id)).toContain(said.id);
  const changes = must(await node.call(operations.listChanges, first, { conversationId, afterPts: 0 }));
  expect(changes.items.map(({ pts }) => pts)).toEqual(
    Array.from({ length: changes.items.length }, (_, index) => index + 1),
  );
  const draft = { conversationId, clientMessageId: newClientMessageId(), text: "And on we go" };
  const { message } = must(await node.call(operations.sendMessage, first, draft));
  expect({ seq: message.seq, pts: message.pts > message.seq }).toEqual({ seq: 201, pts: true });
  const list = must(await node.call(operations.listConversations, first, { limit: 200 }));
  expect(list.items[0]?.id).toBe(conversationId);
  expect(list.items).toHaveLength(options.conversations);
});
