import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  type ConversationId,
  laneOf,
  type Message,
  newClientMessageId,
  newUserId,
  operations,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { addPicture } from "../../testing/media.ts";
import { seededRandom, testSeed } from "../../testing/seeded-random.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";

let store: TestDatabase;
let nodes: TestNode[];
const random = seededRandom(testSeed());
const node = (index: number): TestNode => nodes[index % nodes.length] ?? fail("no node");
const anyNode = (): TestNode => node(Math.floor(random() * nodes.length));

function fail(why: string): never {
  throw new Error(why);
}

beforeAll(async () => {
  store = await createTestDatabase();
  // as servers of one fleet: only the database keeps them from each other's way
  nodes = Array.from({ length: 3 }, () => new TestNode(store.url));
});

afterAll(async () => {
  await Promise.all(nodes.map((each) => each.close()));
  await store.drop();
});

const db = () => store.database.reads.kysely;

async function newGroup(owner: UserId, memberIds: UserId[]): Promise<ConversationId> {
  return must(await node(0).call(operations.createConversation, owner, { type: "group", title: "A group", memberIds }))
    .conversation.id;
}

const send = async (sender: UserId, conversationId: ConversationId, text: string): Promise<Message> =>
  must(
    await anyNode().call(operations.sendMessage, sender, {
      ...{ conversationId, text },
      clientMessageId: newClientMessageId(),
    }),
  ).message;

/** The names of the tables of which some row holds this text, the planner's samples included. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(tablename) as name from pg_tables where schemaname = 'public'
    union all select 'pg_stats'
  `.execute(db());
  const found: string[] = [];
  for (const { name } of rows) {
    const { rows: hits } = await sql`
      select 1 from ${sql.raw(name)} t where position(${text} in t::text) > 0 limit 1
    `.execute(db());
    if (hits.length > 0) found.push(name);
  }
  return found;
}

async function mentionsIn(conversationId: ConversationId): Promise<number> {
  const rows = await db()
    .selectFrom("message_mentions")
    .select("seq")
    .where("conversation_id", "=", conversationId)
    .execute();
  return rows.length;
}

test("[L11] of a deleted message no table keeps its text, its earlier texts, what its files were called, who reacted or whom it called", async () => {
  const [owner = fail("nobody"), member = fail("nobody")] = await addPeople(db(), 2);
  const conversationId = await newGroup(owner, [member]);
  const one = new TestNode(store.url);
  const author = newUserId();
  try {
    const needle = `needle-${crypto.randomUUID()}`;
    const picture = await addPicture(db(), member, conversationId, { fileName: `${needle}.png` });
    const first = must(
      await one.call(operations.sendMessage, member, {
        ...{ conversationId, clientMessageId: newClientMessageId(), text: `${needle} 1` },
        ...{ mentions: [owner, "everyone"], mediaIds: [picture.id] },
      }),
    ).message;
    const messageId = first.id;
    for (const text of [`${needle} 2`, `${needle} 3`])
      must(await one.call(operations.editMessage, member, { messageId, text }));
    await sql`
      update messages set forwarded_from = ${{ senderId: author, createdAt: "2026-01-01T00:00:00.000Z" }}::jsonb
      where id = ${messageId}
    `.execute(db());
    must(await one.call(operations.react, owner, { messageId, emoji: "🦄" }));
    must(await one.call(operations.react, member, { messageId, emoji: "🦄" }));
    must(await one.call(operations.unreact, member, { messageId, emoji: "🦄" }));
    await sql`analyze`.execute(db());
    expect((await tablesWith(needle)).toSorted()).toEqual(["media", "message_edits", "messages"]);
    expect(await tablesWith("🦄")).toContain("message_reactions");
    expect(await tablesWith(author)).toEqual(["messages"]);
    expect(await mentionsIn(conversationId)).toBe(2);
    must(await one.call(operations.deleteMessage, owner, { messageId }));
    expect(must(await one.call(operations.getMessage, owner, { messageId })).message.mentions).toBeUndefined();
  } finally {
    await one.close();
  }
  expect(await tablesWith("needle-")).toEqual([]);
  expect(await tablesWith("🦄")).toEqual([]);
  expect(await tablesWith(author)).toEqual([]);
  expect(await mentionsIn(conversationId)).toBe(0);
});

test("[L8] a message of another conversation of the same lane, though seen by the sender, is none to answer", async () => {
  const [owner = fail("nobody")] = await addPeople(db(), 1);
  const here = await newGroup(owner, []);
  const there = await newGroup(owner, []);
  const { id: replyToId } = await send(owner, here, "here");
  // moved next door, as lanes are shared by chance only
  await sql`update messages set conversation_id = ${there} where id = ${replyToId}`.execute(db());
  await sql`
    insert into conversation_members (lane, conversation_id, user_id, role, joined_pts, visible_from_seq, read_seq, delivered_seq)
    values (${laneOf(here)}, ${there}, ${owner}, 'member', 0, 1, 0, 0)
  `.execute(db());
  expect(must(await node(0).call(operations.getMessage, owner, { messageId: replyToId })).message.text).toBe("here");
  const reply = { conversationId: here, clientMessageId: newClientMessageId(), text: "there?", replyToId };
  const refused = await node(0).call(operations.sendMessage, owner, reply);
  expect(refused).toMatchObject({ ok: false, failure: { code: "VALIDATION_FAILED", errors: [{ path: "replyToId" }] } });
});

test("[L3] in rounds of removal against edits and reactions, nothing of the removed member comes after it", async () => {
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      const [owner = fail("nobody"), member = fail("nobody")] = await addPeople(db(), 2);
      const conversationId = await newGroup(owner, []);
      for (let round = 0; round < 30; round++) {
        must(await anyNode().call(operations.addMembers, owner, { conversationId, userIds: [member] }));
        const { id: messageId } = await send(member, conversationId, "mine");
        const changes = [
          () => anyNode().call(operations.editMessage, member, { messageId, text: `round ${round}` }),
          () => anyNode().call(operations.react, member, { messageId, emoji: "👍" }),
          () => anyNode().call(operations.removeMember, owner, { conversationId, userId: member }),
          () => anyNode().call(operations.unreact, member, { messageId, emoji: "👍" }),
          () => anyNode().call(operations.deleteMessage, member, { messageId }),
        ];
        const shuffled = changes.map((run) => ({ run, at: random() })).sort((a, b) => a.at - b.at);
        await Promise.all(shuffled.map(({ run }) => run()));
      }
    }),
  );
  const { rows: late } = await sql`
    select c.conversation_id, c.pts from conversation_changes c
    join lateral (
      select event from conversation_changes h
      where h.lane = c.lane and h.conversation_id = c.conversation_id and h.pts < c.pts
        and h.event in ('MemberAdded', 'MemberRemoved') and h.payload ->> 'userId' = c.actor_id::text
      order by h.pts desc limit 1
    ) last on last.event = 'MemberRemoved'
  `.execute(db());
  expect(late).toEqual([]);
  const { rows } = await sql<{ event: string; count: number }>`
    select event, count(*) as count from conversation_changes group by event`.execute(db());
  const counted = new Map(rows.map(({ event, count }) => [event, count]));
  expect(counted.get("MemberRemoved")).toBeGreaterThanOrEqual(180);
  // the race was run: some changes came first, and not all
  for (const event of ["MessageEdited", "MessageDeleted", "ReactionAdded"])
    expect(counted.get(event)).toBeWithin(10, 180);
}, 60_000);

test("[L1] [L3] people on several nodes react, edit and delete at once: nothing is lost, double, or left behind", async () => {
  const [owner = fail("nobody"), ...others] = await addPeople(db(), 24);
  const conversationId = await newGroup(owner, others);
  const { id: messageId } = await send(owner, conversationId, "Lunch?");
  await Promise.all(others.map((person) => anyNode().call(operations.react, person, { messageId, emoji: "👍" })));
  const order = async (): Promise<UserId[]> => {
    const reactions = db()
      .selectFrom("message_reactions")
      .select("user_id")
      .where("conversation_id", "=", conversationId);
    return (await reactions.orderBy("pts").execute()).map(({ user_id }) => user_id);
  };
  const reacted = await order();
  const read = async () => must(await node(0).call(operations.getMessage, owner, { messageId })).message;
  expect((await read()).reactions).toEqual([{ emoji: "👍", count: 23, userIds: reacted.slice(0, 5) }]);
  // of the first few some go, and the next ones move up
  const gone = [reacted[0], reacted[2], reacted[9]];
  await Promise.all(
    gone.map((person) => anyNode().call(operations.unreact, person ?? owner, { messageId, emoji: "👍" })),
  );
  const left = reacted.filter((person) => !gone.includes(person));
  expect((await read()).reactions).toEqual([{ emoji: "👍", count: 20, userIds: left.slice(0, 5) }]);

  await Promise.all([
    ...Array.from({ length: 20 }, (_, n) =>
      anyNode().call(operations.editMessage, owner, { messageId, text: `Lunch ${n}?` }),
    ),
    ...left.map((person) => anyNode().call(operations.react, person, { messageId, emoji: "🎉" })),
    anyNode().call(operations.deleteMessage, owner, { messageId }),
  ]);
  const { text, reactions, deletedAt } = await read();
  expect({ text, reactions }).toEqual({ text: undefined, reactions: undefined });
  expect(deletedAt).toBeDefined();
  for (const table of ["message_edits", "message_reactions"] as const) {
    const rows = await db().selectFrom(table).select("pts").where("conversation_id", "=", conversationId).execute();
    expect(rows).toEqual([]);
  }
  const { rows: numbers } = await sql<{ pts: number; changes: number; head: number; latest: number }>`
    select c.pts, count(h.pts) as changes, max(h.pts) as head, max(m.pts) as latest
    from conversations c
    join conversation_changes h on h.lane = c.lane and h.conversation_id = c.id
    join messages m on m.lane = c.lane and m.conversation_id = c.id and m.id = ${messageId}
    where c.id = ${conversationId} group by c.pts
  `.execute(db());
  const [{ pts = 0 } = {}] = numbers;
  expect(numbers).toEqual([{ pts, changes: pts, head: pts, latest: pts }]);
  expect(nodes.flatMap((each) => each.errors)).toEqual([]);
});

test("[L15] people on several nodes reply in a thread, edit and delete at once: the root tells of the replies that are left", async () => {
  const [owner = fail("nobody"), ...others] = await addPeople(db(), 9);
  const conversationId = await newGroup(owner, others);
  const { id: threadRootId } = await send(owner, conversationId, "Where?");
  const replies: Message[] = [];
  const reply = async (sender: UserId): Promise<void> => {
    const draft = { conversationId, threadRootId, clientMessageId: newClientMessageId(), text: "Here" };
    replies.push(must(await anyNode().call(operations.sendMessage, sender, draft)).message);
  };
  await Promise.all([...others, ...others].map(reply));
  const gone = replies.filter(() => random() < 0.5);
  await Promise.all([
    ...gone.map(({ id: messageId }) => anyNode().call(operations.deleteMessage, owner, { messageId })),
    ...gone.map(({ id: messageId }) => anyNode().call(operations.deleteMessage, owner, { messageId })),
    ...others.map(reply),
    anyNode().call(operations.deleteMessage, owner, { messageId: threadRootId }),
    ...others.map((person) => anyNode().call(operations.react, person, { messageId: threadRootId, emoji: "👍" })),
  ]);
  const left = replies.filter((each) => !gone.includes(each)).sort((a, b) => a.seq - b.seq);
  const root = must(await node(0).call(operations.getMessage, owner, { messageId: threadRootId })).message;
  expect(root).toMatchObject({ deletedAt: expect.any(String), pts: expect.any(Number) });
  const last = left.at(-1) ?? fail("no reply is left");
  expect(root.thread).toEqual({
    ...{ replyCount: left.length, lastReplySeq: last.seq, lastReplyAt: last.createdAt },
    participantIds: [...new Set(left.map(({ senderId }) => senderId))].slice(0, 5),
  });
  const whole = { conversationId, limit: 200 };
  const thread = must(await node(0).call(operations.listMessages, owner, { ...whole, threadRootId })).items;
  expect(thread.map(({ seq }) => seq)).toEqual(replies.map(({ seq }) => seq).toSorted((a, b) => a - b));
  const { items } = must(await node(0).call(operations.listMessages, owner, whole));
  expect(items.filter(({ kind }) => kind === "text")).toEqual([root]);
  for (const { id: messageId } of left) must(await anyNode().call(operations.deleteMessage, owner, { messageId }));
  const after = must(await node(0).call(operations.getMessage, owner, { messageId: threadRootId })).message;
  expect(after.thread).toBeUndefined();
  expect(nodes.flatMap((each) => each.errors)).toEqual([]);
});

test("[L14] [L23] whom one blocked calls nobody, from when on it is so", async () => {
  const [owner = fail("nobody"), caller = fail("nobody"), other = fail("nobody")] = await addPeople(db(), 3);
  const conversationId = await newGroup(owner, [caller, other]);
  const called = async (person: UserId): Promise<number> =>
    must(await node(0).call(operations.getConversation, person, { conversationId })).conversation.me.unreadMentions;
  const draft = { conversationId, text: "All of you!" };
  for (const mentions of [["everyone"], [owner, other, "everyone"], [other]])
    must(
      await anyNode().call(operations.sendMessage, caller, {
        ...{ ...draft, mentions },
        clientMessageId: newClientMessageId(),
      }),
    );
  expect([await called(owner), await called(caller), await called(other)]).toEqual([2, 0, 3]);
  must(await node(0).call(operations.blockUser, owner, { userId: caller }));
  expect([await called(owner), await called(other)]).toEqual([0, 3]);
  must(await node(0).call(operations.unblockUser, owner, { userId: caller }));
  expect(await called(owner)).toBe(2);
});

test("a member of a channel calls everyone neither in a new message nor by an edit, and an edit of mentions keeps no text", async () => {
  const [owner = fail("nobody"), member = fail("nobody")] = await addPeople(db(), 2);
  const channel = { type: "channel", title: "News", visibility: "public" };
  const { id: conversationId } = must(await node(0).call(operations.createConversation, owner, channel)).conversation;
  must(await node(0).call(operations.addMembers, owner, { conversationId, userIds: [member] }));
  const { id: messageId } = await send(member, conversationId, "Hear me");
  const edit = (mentions: readonly string[]) =>
    node(0).call(operations.editMessage, member, { messageId, text: "Hear me", mentions });
  expect(await edit(["everyone"])).toMatchObject({ ok: false, failure: { code: "FORBIDDEN" } });
  const { message } = must(await edit([owner]));
  expect(message).toMatchObject({ mentions: [owner], text: "Hear me" });
  expect(message.editedAt).toBeUndefined();
  expect(must(await node(0).call(operations.listMessageEdits, member, { messageId })).items).toEqual([]);
  expect(must(await edit([owner])).message.pts).toBe(message.pts);
});

test("[L19] a node pushes changes to messages in the order of pts, between sends", async () => {
  const [owner = fail("nobody"), other = fail("nobody")] = await addPeople(db(), 2);
  const conversationId = await newGroup(owner, [other]);
  const messages = await Promise.all(Array.from({ length: 10 }, (_, n) => send(owner, conversationId, `${n}`)));
  const one = new TestNode(store.url);
  try {
    await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const { id: messageId } = messages[Math.floor(random() * messages.length)] ?? fail("no message");
        const kind = random();
        if (kind < 0.5)
          await one.call(operations.sendMessage, owner, {
            ...{ conversationId, clientMessageId: newClientMessageId(), text: `more ${n}` },
          });
        else if (kind < 0.75) await one.call(operations.editMessage, owner, { messageId, text: `edited ${n}` });
        else await one.call(kind < 0.9 ? operations.react : operations.unreact, other, { messageId, emoji: "👍" });
      }),
    );
  } finally {
    await one.close();
  }
  const pushed = one.broadcaster.pushes
    .filter(({ to }) => to === conversationId)
    .map(({ payload }) => Object(payload).pts);
  expect(pushed.length).toBeGreaterThan(150);
  expect(pushed).toEqual(pushed.map((_, index) => messages.length + 2 + index));
});
