import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  type ConversationId,
  laneOf,
  type Message,
  newClientMessageId,
  newConversationId,
  newMessageId,
  operations,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { seededRandom, testSeed } from "../../testing/seeded-random.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";

const WRITERS = 4;
let store: TestDatabase;
let node: TestNode;
let other: TestNode;
const random = seededRandom(testSeed());
const below = (most: number): number => Math.floor(random() * most);

beforeAll(async () => {
  store = await createTestDatabase();
  node = new TestNode(store.url, { writers: WRITERS });
  other = new TestNode(store.url, { writers: WRITERS });
});

afterAll(async () => {
  await Promise.all([node.close(), other.close()]);
  await store.drop();
});

function fail(why: string): never {
  throw new Error(why);
}

async function newGroup(owner: UserId, memberIds: readonly UserId[] = []): Promise<ConversationId> {
  const input = { type: "group", title: "A group", memberIds };
  return must(await node.call(operations.createConversation, owner, input)).conversation.id;
}

async function send(at: TestNode, conversationId: ConversationId, sender: UserId): Promise<Message> {
  const input = { conversationId, clientMessageId: newClientMessageId(), text: "x" };
  return must(await at.call(operations.sendMessage, sender, input)).message;
}

test("[L3] [L7] [L19] forwards across all writers of two nodes at once, among sends: no deadlock, one gapless order each, pushed in it", async () => {
  const [owner = fail("nobody")] = await addPeople(store.database.reads.kysely, 1);
  const groups: ConversationId[] = [];
  for (let index = 0; index < 8; index++) groups.push(await newGroup(owner));
  expect(new Set(groups.map((id) => laneOf(id) % WRITERS)).size).toBeGreaterThan(1);
  const messages = await Promise.all(groups.map((id) => send(node, id, owner)));
  const some = () => groups.filter(() => random() < 0.4);
  const forwards = Array.from({ length: 120 }, (_, index) => {
    const at = index % 3 === 0 ? other : node;
    const { id: messageId } = messages[below(messages.length)] ?? fail("no message");
    const conversationIds = [...some(), groups[below(8)] ?? fail("no group")];
    return at.call(operations.forwardMessage, owner, { messageId, conversationIds });
  });
  const sends = Array.from({ length: 200 }, () => send(node, groups[below(8)] ?? fail("no group"), owner));
  const forwarded = (await Promise.all(forwards)).flatMap((result) => must(result).items);
  await Promise.all(sends);
  expect([...node.errors, ...other.errors]).toEqual([]);

  for (const conversationId of groups) {
    const { rows } = await sql<{ seq: number; pts: number }>`
      select seq, pts from messages where lane = ${laneOf(conversationId)} and conversation_id = ${conversationId} order by seq
    `.execute(store.database.reads.kysely);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    const pushed = node.broadcaster.pushes.filter(
      ({ to, event }) => to === conversationId && event === "ReceiveMessage",
    );
    const pts = pushed.map(({ payload }): number => Object(payload).pts);
    expect(pts).toEqual(pts.toSorted((a, b) => a - b));
  }
  expect(forwarded.length).toBeGreaterThan(240);
});

test("[L3] a message is forwarded before its reader's removal from there, or not at all", async () => {
  const [owner = fail("nobody"), guest = fail("nobody")] = await addPeople(store.database.reads.kysely, 2);
  const target = await newGroup(guest);
  const outcomes = new Map<string, number>();
  for (let round = 0; round < 25; round++) {
    const source = await newGroup(owner, [guest]);
    const { id: messageId } = await send(node, source, owner);
    const forwarding = other.call(operations.forwardMessage, guest, { messageId, conversationIds: [target] });
    if (round % 2 === 1) await Bun.sleep(below(4));
    const removing = node.call(operations.removeMember, owner, { conversationId: source, userId: guest });
    const [forwarded, removed] = await Promise.all([forwarding, removing]);
    must(removed);
    const code = forwarded.ok ? "ok" : forwarded.failure.code;
    outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
    // by the times that were taken under the locks
    if (forwarded.ok) {
      const { rows } = await sql<{ created_at: Date }>`
        select created_at from conversation_changes
        where lane = ${laneOf(source)} and conversation_id = ${source} and event = 'MemberRemoved'
      `.execute(store.database.reads.kysely);
      const sent = new Date(forwarded.value.items[0]?.createdAt ?? "").getTime();
      expect(sent).toBeLessThanOrEqual(rows[0]?.created_at.getTime() ?? 0);
    }
  }
  expect([...outcomes.keys()].every((code) => code === "ok" || code === "NOT_FOUND")).toBe(true);
  const later = await node.call(operations.forwardMessage, guest, {
    messageId: newMessageId(newConversationId()),
    conversationIds: [target],
  });
  expect(later).toEqual({ ok: false, failure: { code: "NOT_FOUND" } });
});
