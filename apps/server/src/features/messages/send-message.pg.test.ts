import { afterAll, beforeAll, expect, test } from "bun:test";
import { type ConversationId, type Message, newClientMessageId, operations, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { seededRandom, testSeed } from "../../testing/seeded-random.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";

let store: TestDatabase;
let nodes: TestNode[];
const node = (index: number): TestNode => nodes[index % nodes.length] ?? fail("no node");
const random = seededRandom(testSeed());
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] ?? fail("nothing to pick from");

function fail(why: string): never {
  throw new Error(why);
}

beforeAll(async () => {
  store = await createTestDatabase();
  // as four servers of one fleet: only the database keeps them from each other's way
  nodes = Array.from({ length: 4 }, () => new TestNode(store.url));
});

afterAll(async () => {
  await Promise.all(nodes.map((each) => each.close()));
  await store.drop();
});

const db = () => store.database.reads.kysely;

async function newGroup(owner: UserId, memberIds: UserId[] = []): Promise<ConversationId> {
  return must(await node(0).call(operations.createConversation, owner, { type: "group", title: "A group", memberIds }))
    .conversation.id;
}

/** Numbers that are missing or double, over all conversations: must be empty [L1]. */
async function holes(): Promise<unknown[]> {
  const { rows } = await sql`
    select c.id, c.seq, c.pts from conversations c
    where c.seq <> (select count(*) from messages m where m.lane = c.lane and m.conversation_id = c.id)
       or c.seq <> (select coalesce(max(m.seq), 0) from messages m where m.lane = c.lane and m.conversation_id = c.id)
       or c.pts <> (select count(*) from conversation_changes h where h.lane = c.lane and h.conversation_id = c.id)
       or c.pts <> (select coalesce(max(h.pts), 0) from conversation_changes h where h.lane = c.lane and h.conversation_id = c.id)
       or exists (select 1 from conversation_changes h join messages m using (lane, conversation_id, seq)
                  where h.lane = c.lane and h.conversation_id = c.id and h.event = 'ReceiveMessage' and h.pts <> m.pts)
  `.execute(db());
  return rows;
}

test("[L3] in 1,000 rounds of removal against sends, nothing of the removed member comes after the removal", async () => {
  const groups = 10;
  const rounds = 100;
  await Promise.all(
    Array.from({ length: groups }, async (_, g) => {
      const [owner = fail("no owner"), member = fail("no member")] = await addPeople(db(), 2);
      const conversationId = await newGroup(owner);
      for (let round = 0; round < rounds; round++) {
        must(await node(g).call(operations.addMembers, owner, { conversationId, userIds: [member] }));
        const burst = 1 + Math.floor(random() * 6);
        const removeAt = Math.floor(random() * (burst + 1));
        const sends: Promise<unknown>[] = [];
        let removal: Promise<unknown> | undefined;
        for (let i = 0; i <= burst; i++) {
          // over other nodes than the removal, so that only the row's lock can order them
          if (i === removeAt)
            removal = node(g).call(operations.removeMember, owner, { conversationId, userId: member }).then(must);
          if (i === burst) break;
          const message = { conversationId, clientMessageId: newClientMessageId(), text: `round ${round}, ${i}` };
          sends.push(node(g + 1 + (i % 3)).call(operations.sendMessage, member, message));
          if (random() < 0.3) await Bun.sleep(0);
        }
        await Promise.all([...sends, removal]);
      }
    }),
  );
  const { rows: late } = await sql`
    select m.conversation_id, m.pts from messages m
    where exists (
      select 1 from conversation_changes r
      where r.lane = m.lane and r.conversation_id = m.conversation_id and r.event = 'MemberRemoved'
        and r.payload ->> 'userId' = m.sender_id::text and r.pts < m.pts
        and not exists (
          select 1 from conversation_changes a
          where a.lane = m.lane and a.conversation_id = m.conversation_id and a.event = 'MemberAdded'
            and a.payload ->> 'userId' = m.sender_id::text and a.pts > r.pts and a.pts < m.pts))
  `.execute(db());
  expect(late).toEqual([]);
  const { rows: counted } = await sql<{ removed: number; sent: number }>`
    select count(*) filter (where event = 'MemberRemoved') as removed,
           count(*) filter (where event = 'ReceiveMessage') as sent
    from conversation_changes`.execute(db());
  expect(counted[0]?.removed).toBe(groups * rounds);
  expect(counted[0]?.sent).toBeGreaterThan(100); // the race was run: some sends came first
  expect(await holes()).toEqual([]);
}, 60_000);

test("[L3] [L5] four nodes that repeat the same ids into 400 conversations store each once, and nobody fails", async () => {
  const [sender = fail("no sender")] = await addPeople(db(), 1);
  const conversations = await Promise.all(Array.from({ length: 400 }, () => newGroup(sender)));
  const wanted = Array.from({ length: 3000 }, (_, index) => ({
    conversationId: pick(conversations),
    clientMessageId: newClientMessageId(),
    text: `message ${index}`,
  }));
  const shuffled = () => wanted.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at);
  const answers = await Promise.all(
    nodes.map(async (each) => {
      const order = shuffled();
      const byClientId = new Map<string, Message>();
      await Promise.all(
        order.map(async ({ item }) => {
          // each node has its own words: the first one's count
          const text = `${item.text} from ${nodes.indexOf(each)}`;
          const { message } = must(await each.call(operations.sendMessage, sender, { ...item, text }));
          byClientId.set(item.clientMessageId, message);
        }),
      );
      return byClientId;
    }),
  );
  for (const { clientMessageId } of wanted) {
    const told = answers.map((byClientId) => byClientId.get(clientMessageId));
    expect(told).toEqual(told.map(() => told[0]));
  }
  const stored = await db()
    .selectFrom("messages")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("sender_id", "=", sender)
    .where("kind", "=", "text")
    .executeTakeFirstOrThrow();
  expect(stored.count).toBe(wanted.length);
  expect(await holes()).toEqual([]);
  expect(nodes.flatMap((each) => each.errors)).toEqual([]);
}, 60_000);

test("[L4] a batch with rows that are refused, or that break the call itself, stores the others", async () => {
  const [owner = fail("no owner"), stranger = fail("no stranger")] = await addPeople(db(), 2);
  const conversationId = await newGroup(owner);
  const one = new TestNode(store.url, { writers: 1 });
  try {
    const send = (userId: UserId, text: string) =>
      one.call(operations.sendMessage, userId, { conversationId, clientMessageId: newClientMessageId(), text });
    const results = await Promise.all([
      send(owner, "first"),
      send(stranger, "not mine to say"),
      send(owner, "second"),
      send(owner, "third"),
    ]);
    expect(results.map((result) => (result.ok ? result.value.message.seq : result.failure.code))).toEqual([
      2,
      "NOT_FOUND",
      3,
      4,
    ]);
    // a row that PostgreSQL itself rejects, which the edge would not let through
    await sql`alter table messages add constraint no_poison check (text <> 'poison') not valid`.execute(db());
    const settled = await Promise.allSettled(["before", "poison", "after", "last"].map((text) => send(owner, text)));
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  } finally {
    await sql`alter table messages drop constraint if exists no_poison`.execute(db());
    await one.close();
  }
  expect(await holes()).toEqual([]);
});

test("[L5] a repeat answers the first one's ids and text, also after its sender was removed", async () => {
  const [owner = fail("no owner"), member = fail("no member")] = await addPeople(db(), 2);
  const conversationId = await newGroup(owner, [member]);
  const clientMessageId = newClientMessageId();
  const first = must(
    await node(0).call(operations.sendMessage, member, { conversationId, clientMessageId, text: "once" }),
  );
  must(await node(1).call(operations.removeMember, owner, { conversationId, userId: member }));
  const repeat = must(
    await node(2).call(operations.sendMessage, member, { conversationId, clientMessageId, text: "twice" }),
  );
  expect(repeat).toEqual(first);
  const fresh = await node(2).call(operations.sendMessage, member, {
    conversationId,
    clientMessageId: newClientMessageId(),
    text: "no",
  });
  expect(fresh).toMatchObject({ ok: false, failure: { code: "NOT_FOUND" } });
});

test("[L19] a node pushes a conversation's changes of every kind in the order of pts", async () => {
  const [owner = fail("no owner"), ...others] = await addPeople(db(), 4);
  const conversationId = await newGroup(owner);
  const one = new TestNode(store.url);
  try {
    await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const kind = random();
        const userId = pick(others);
        if (kind < 0.8)
          await one.call(operations.sendMessage, owner, {
            conversationId,
            clientMessageId: newClientMessageId(),
            text: `${index}`,
          });
        else if (kind < 0.87) await one.call(operations.addMembers, owner, { conversationId, userIds: [userId] });
        else if (kind < 0.94) await one.call(operations.removeMember, owner, { conversationId, userId });
        else await one.call(operations.updateConversation, owner, { conversationId, title: `Title ${index}` });
      }),
    );
  } finally {
    await one.close();
  }
  const pushed = one.broadcaster.pushes
    .filter(({ to }) => to === conversationId)
    .map(({ payload }) => Object(payload).pts);
  expect(pushed.length).toBeGreaterThan(200);
  expect(pushed).toEqual(pushed.map((_, index) => index + 2));
});
