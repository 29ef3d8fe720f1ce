import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  type ConversationId,
  limits,
  newClientMessageId,
  newConversationId,
  operations,
  type UserId,
} from "@hubbub/contract";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { seededRandom, testSeed } from "../../testing/seeded-random.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";

let store: TestDatabase;
let nodes: TestNode[];
const random = seededRandom(testSeed());
const below = (most: number): number => Math.floor(random() * most);

function fail(why: string): never {
  throw new Error(why);
}

const node = (): TestNode => nodes[below(nodes.length)] ?? fail("no node");

beforeAll(async () => {
  store = await createTestDatabase();
  nodes = Array.from({ length: 2 }, () => new TestNode(store.url));
});

afterAll(async () => {
  await Promise.all(nodes.map((each) => each.close()));
  await store.drop();
});

const db = () => store.database.reads.kysely;

async function newGroup(owner: UserId, memberIds: UserId[] = []): Promise<ConversationId> {
  return must(await node().call(operations.createConversation, owner, { type: "group", title: "A group", memberIds }))
    .conversation.id;
}

const send = (conversationId: ConversationId, sender: UserId) =>
  node().call(operations.sendMessage, sender, { conversationId, clientMessageId: newClientMessageId(), text: "x" });

const receiptsOf = async (conversationId: ConversationId, reader: UserId) =>
  must(await node().call(operations.listReceipts, reader, { conversationId }));

const meIn = async (conversationId: ConversationId, reader: UserId) =>
  must(await node().call(operations.getConversation, reader, { conversationId })).conversation.me;

/** Pushes follow the answers. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let waited = 0; waited < 400 && !isTrue(); waited++) await Bun.sleep(5);
  expect(isTrue()).toBe(true);
}

function pushed(to: ConversationId | UserId): { event: string; payload: object }[] {
  return nodes.flatMap(({ broadcaster }) => broadcaster.pushes.filter((push) => push.to === to));
}

test("[L22] [L18] marks on two nodes at once, among messages: each ends at its highest, and state + sync = fresh state", async () => {
  const people = await addPeople(db(), 4);
  const [owner = fail("no owner"), ...others] = people;
  const conversationId = await newGroup(owner, others);
  const first = await receiptsOf(conversationId, owner);
  const highest = new Map(people.map((id) => [id, { readSeq: 0, deliveredSeq: 0 }]));
  const known = new Map(first.items.map((receipt) => [receipt.userId, receipt]));
  let version = first.receiptsVersion;
  const { epoch } = must(await node().call(operations.sync, owner, {}));
  let seq = 0;
  for (let round = 0; round < 40; round++) {
    const sender = people[below(4)] ?? owner;
    const { message } = must(await send(conversationId, sender));
    seq = message.seq;
    const sent = highest.get(sender) ?? fail("nobody");
    sent.readSeq = sent.deliveredSeq = seq;
    const marked = Array.from({ length: 6 }, async () => {
      const userId = people[below(4)] ?? owner;
      const mark = highest.get(userId) ?? fail("nobody");
      const upTo = below(seq + 3);
      const clamped = Math.min(upTo, seq);
      const isRead = random() < 0.5;
      mark.deliveredSeq = Math.max(mark.deliveredSeq, clamped);
      if (isRead) mark.readSeq = Math.max(mark.readSeq, clamped);
      const row = isRead ? operations.markMessageAsRead : operations.markMessageAsDelivered;
      const { receipt } = must(await node().call(row, userId, { conversationId, seq: upTo }));
      expect(receipt.deliveredSeq).toBeGreaterThanOrEqual(Math.max(receipt.readSeq, clamped));
    });
    await Promise.all(marked);
    if (round % 7 !== 0) continue;
    const asked = { epoch, conversations: { [conversationId]: 0 }, receipts: { [conversationId]: version } };
    const [synced] = must(await node().call(operations.sync, owner, asked)).conversations;
    // a person's message moves its sender's marks, which is no change of the receipts of its own
    for (const change of synced?.changes ?? [])
      if (change.event === "ReceiveMessage" && change.payload.kind !== "system")
        raise(change.payload.senderId, change.payload.seq, change.payload.seq);
    for (const { userId, readSeq, deliveredSeq } of synced?.receipts ?? []) raise(userId, readSeq, deliveredSeq);
    version = synced?.receiptsVersion ?? version;
    const fresh = await receiptsOf(conversationId, owner);
    expect(fresh.receiptsVersion).toBe(version);
    expect(fresh.items).toEqual([...known.values()]);
    expect(fresh.items).toEqual(fresh.items.map(({ userId }) => ({ userId, ...(highest.get(userId) ?? fail("?")) })));
  }
  expect(version).toBeGreaterThan(10);
  function raise(userId: UserId, readSeq: number, deliveredSeq: number): void {
    const before = known.get(userId) ?? fail("an unknown member");
    known.set(userId, {
      userId,
      deliveredSeq: Math.max(before.deliveredSeq, deliveredSeq),
      readSeq: Math.max(before.readSeq, readSeq),
    });
  }
});

test("[L16] [L18] read marks are one living entry a conversation, and the inbox from every earlier userPts leads to them", async () => {
  const [reader = fail("no reader"), other = fail("no other")] = await addPeople(db(), 2);
  const groups = [await newGroup(reader, [other]), await newGroup(reader, [other])];
  const self = async () => must(await node().call(operations.sync, reader, {}));
  while ((await self()).userPts < 2) await Bun.sleep(5); // the two conversations
  const { epoch, userPts } = await self();
  const marks = new Map(groups.map((id) => [id, 0]));
  const states = [new Map(marks)];
  for (let step = 0; step < 12; step++) {
    const conversationId = groups[below(2)] ?? fail("no group");
    const { seq } = must(await send(conversationId, other)).message;
    must(await node().call(operations.markMessageAsRead, reader, { conversationId, seq }));
    must(await node().call(operations.markMessageAsRead, reader, { conversationId, seq: seq - 1 }));
    states.push(new Map(marks.set(conversationId, seq)));
  }
  for (const [steps, known] of states.entries()) {
    const answer = must(await node().call(operations.sync, reader, { epoch, userPts: userPts + steps }));
    expect(answer.userPts).toBe(userPts + 12);
    expect(answer.user.map((entry) => entry.userPts)).toEqual(
      Array.from({ length: 12 - steps }, (_, index) => userPts + steps + 1 + index),
    );
    const state = new Map(known);
    for (const entry of answer.user)
      if (entry.event === "ReadMarkUpdated") state.set(entry.payload.conversationId, entry.payload.readSeq);
    expect(state).toEqual(marks);
    expect(answer.user.filter(({ event }) => event !== "Hidden").length).toBeLessThanOrEqual(2);
  }
  const marksTold = () => pushed(reader).filter(({ event }) => event === "ReadMarkUpdated");
  await until(() => marksTold().length === 12);
  const told = marksTold();
  expect(told.map(({ payload }) => Object(payload).userPts).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 12 }, (_, index) => userPts + 1 + index),
  );
});

test("[L23] unread counts what others wrote after the mark and did not delete", async () => {
  const [reader = fail("no reader"), other = fail("no other")] = await addPeople(db(), 2);
  const conversationId = await newGroup(other, [reader]);
  const messages = [];
  for (let index = 0; index < 6; index++) messages.push(must(await send(conversationId, other)).message);
  expect((await meIn(conversationId, reader)).unread).toBe(6);
  must(await node().call(operations.deleteMessage, other, { messageId: messages[4]?.id }));
  must(await node().call(operations.markMessageAsDelivered, reader, { conversationId, seq: 7 }));
  expect(await meIn(conversationId, reader)).toMatchObject({ unread: 5, readSeq: 0, deliveredSeq: 7 });
  must(await node().call(operations.markMessageAsRead, reader, { conversationId, seq: 3 }));
  expect(await meIn(conversationId, reader)).toMatchObject({ unread: 3, readSeq: 3, deliveredSeq: 7 });
  must(await node().call(operations.markMessageAsRead, reader, { conversationId, seq: 1_000 }));
  expect(await meIn(conversationId, reader)).toMatchObject({ unread: 0, readSeq: 7 });
});

test("[L22] in a conversation of more than 256, marks go to nobody but the reader", async () => {
  const [owner = fail("no owner"), ...others] = await addPeople(db(), limits.receiptsMembers);
  const [last = fail("no last")] = await addPeople(db(), 1);
  const conversationId = await newGroup(owner, others);
  const { seq } = must(await send(conversationId, owner)).message;
  const mark = async (userId: UserId): Promise<void> => {
    must(await node().call(operations.markMessageAsRead, userId, { conversationId, seq }));
  };
  const [first = fail("no first"), second = fail("no second")] = others;
  const statuses = () => pushed(conversationId).filter(({ event }) => event === "MessageStatusUpdated");
  await mark(first);
  await until(() => statuses().length === 1);
  expect((await receiptsOf(conversationId, second)).items).toHaveLength(limits.receiptsMembers);

  must(await node().call(operations.addMembers, owner, { conversationId, userIds: [last] }));
  await mark(second);
  await until(() => pushed(second).some(({ event }) => event === "ReadMarkUpdated"));
  expect(statuses()).toHaveLength(1);
  const { items, receiptsVersion } = await receiptsOf(conversationId, second);
  expect(items).toEqual([{ userId: second, readSeq: seq, deliveredSeq: seq }]);
  const { epoch } = must(await node().call(operations.sync, second, {}));
  const asked = { epoch, conversations: { [conversationId]: 1 }, receipts: { [conversationId]: 0 } };
  const [synced] = must(await node().call(operations.sync, second, asked)).conversations;
  expect(synced).toMatchObject({ receiptsVersion });
  expect(synced?.receipts).toBeUndefined();
});

test("[L13] to who is no member a conversation's receipts are as absent as the conversation", async () => {
  const [owner = fail("no owner"), gone = fail("no one"), stranger = fail("no stranger")] = await addPeople(db(), 3);
  const conversationId = await newGroup(owner, [gone]);
  must(await send(conversationId, owner));
  must(await node().call(operations.removeMember, owner, { conversationId, userId: gone }));
  for (const [userId, id] of [
    [gone, conversationId],
    [stranger, conversationId],
    [owner, newConversationId()],
  ] as const) {
    const requests = [
      node().call(operations.markMessageAsRead, userId, { conversationId: id, seq: 1 }),
      node().call(operations.markMessageAsDelivered, userId, { conversationId: id, seq: 1 }),
      node().call(operations.listReceipts, userId, { conversationId: id }),
    ];
    for (const answer of await Promise.all(requests))
      expect(answer).toEqual({ ok: false, failure: { code: "NOT_FOUND" } });
  }
});
