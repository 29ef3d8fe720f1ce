import { afterAll, beforeAll, expect, test } from "bun:test";
import { type ConversationId, newClientMessageId, operations, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";
import { mayWriteIn } from "./reach.ts";

let store: TestDatabase;
let open: TestNode;
let friendsOnly: TestNode;

beforeAll(async () => {
  store = await createTestDatabase();
  open = new TestNode(store.url);
  friendsOnly = new TestNode(store.url, { friendsOnly: true });
});

afterAll(async () => {
  await open.close();
  await friendsOnly.close();
  await store.drop();
});

const db = () => store.database.reads.kysely;

async function pair(): Promise<{ ann: UserId; ben: UserId; conversationId: ConversationId }> {
  const [ann, ben] = await addPeople(db(), 2);
  if (ann === undefined || ben === undefined) throw new Error("nobody");
  const made = await open.call(operations.createConversation, ann, { type: "direct", memberIds: [ben] });
  return { ann, ben, conversationId: must(made).conversation.id };
}

const send = (node: TestNode, conversationId: ConversationId, sender: UserId) =>
  node.call(operations.sendMessage, sender, { conversationId, clientMessageId: newClientMessageId(), text: "Hi" });

const refusal = { ok: false, failure: { code: "RECIPIENT_UNAVAILABLE" } };

async function befriend(one: UserId, other: UserId): Promise<void> {
  await sql`
    insert into friendships (low_user_id, high_user_id, status, requested_by)
    values (least(${one}::uuid, ${other}::uuid), greatest(${one}::uuid, ${other}::uuid), 'accepted', ${one}::uuid)
  `.execute(db());
}

test("[P3] friends only: the same conversation takes messages, edits and reactions of friends alone; history stays", async () => {
  const { ann, ben, conversationId } = await pair();
  const { message } = must(await send(open, conversationId, ann));
  expect(await send(friendsOnly, conversationId, ann)).toMatchObject(refusal);
  expect(await send(friendsOnly, conversationId, ben)).toMatchObject(refusal);
  const edit = { messageId: message.id, text: "Hello" };
  const react = { messageId: message.id, emoji: "👍" };
  expect(await friendsOnly.call(operations.editMessage, ann, edit)).toMatchObject(refusal);
  expect(await friendsOnly.call(operations.react, ben, react)).toMatchObject(refusal);
  expect(await friendsOnly.call(operations.unreact, ben, react)).toMatchObject(refusal);
  expect(must(await friendsOnly.call(operations.listMessages, ben, { conversationId })).items).toHaveLength(1);
  await befriend(ann, ben);
  must(await send(friendsOnly, conversationId, ben));
  must(await friendsOnly.call(operations.editMessage, ann, edit));
  must(await friendsOnly.call(operations.react, ben, react));
});

test("[P3] what one asks for, a block of either side and a deleted account refuse alike; one's own stays deletable", async () => {
  const { ann, ben, conversationId } = await pair();
  const { message } = must(await send(open, conversationId, ann));
  await sql`insert into user_settings (user_id, write_to_me) values (${ben}, 'friends')`.execute(db());
  expect(await send(open, conversationId, ann)).toMatchObject(refusal);
  must(await send(open, conversationId, ben));
  await befriend(ann, ben);
  must(await send(open, conversationId, ann));
  await sql`update user_settings set write_to_me = 'nobody' where user_id = ${ben}`.execute(db());
  expect(await send(open, conversationId, ann)).toMatchObject(refusal);
  await sql`delete from user_settings where user_id = ${ben}`.execute(db());
  await sql`insert into blocks (user_id, blocked_id) values (${ann}, ${ben})`.execute(db());
  expect(await send(open, conversationId, ann)).toMatchObject(refusal);
  expect(await send(open, conversationId, ben)).toMatchObject(refusal);
  expect(await mayWriteIn(db(), conversationId, ben, false)).toMatchObject(refusal);
  must(await open.call(operations.deleteMessage, ann, { messageId: message.id }));
  await sql`delete from blocks where user_id = ${ann}`.execute(db());
  must(await send(open, conversationId, ben));
  await db().deleteFrom("users").where("id", "=", ben).execute();
  expect(await send(open, conversationId, ann)).toMatchObject(refusal);
});

test("[P3] notes to oneself and groups have no such door", async () => {
  const [ann, ben] = await addPeople(db(), 2);
  if (ann === undefined || ben === undefined) throw new Error("nobody");
  await sql`insert into blocks (user_id, blocked_id) values (${ann}, ${ben})`.execute(db());
  for (const input of [{ type: "direct" }, { type: "group", memberIds: [ben] }]) {
    const { conversation } = must(await friendsOnly.call(operations.createConversation, ann, input));
    must(await send(friendsOnly, conversation.id, ann));
    expect(await mayWriteIn(db(), conversation.id, ann, true)).toMatchObject({ ok: true });
  }
});

test("[P3] a direct conversation begins only where one may write; one that is there already is found all the same", async () => {
  const [ann, ben] = await addPeople(db(), 2);
  if (ann === undefined || ben === undefined) throw new Error("nobody");
  const begin = (node: TestNode) => node.call(operations.createConversation, ann, { type: "direct", memberIds: [ben] });
  expect(await begin(friendsOnly)).toMatchObject(refusal);
  const { conversation } = must(await begin(open));
  expect(must(await begin(friendsOnly)).conversation.id).toBe(conversation.id);
});

interface Reading {
  readonly ann: UserId;
  readonly ben: UserId;
  readonly conversationId: ConversationId;
}

/** Ann reads what Ben wrote. @returns to whom it was told, and what Ben finds of it afterwards */
async function readBy(ann: UserId, ben: UserId, conversationId: ConversationId) {
  const { receiptsVersion: before } = must(await open.call(operations.listReceipts, ben, { conversationId }));
  const { seq } = must(await send(open, conversationId, ben)).message;
  return async () => {
    must(await open.call(operations.markMessageAsRead, ann, { conversationId, seq }));
    const pushes = () =>
      open.broadcaster.pushes.filter(({ payload }) => Object(payload).conversationId === conversationId);
    // the reader's own devices are told last
    while (!pushes().some(({ event, to }) => event === "ReadMarkUpdated" && to === ann)) await Bun.sleep(1);
    const told = pushes().flatMap(({ event, to }) => (event === "MessageStatusUpdated" ? [to] : []));
    const listed = must(await open.call(operations.listReceipts, ben, { conversationId }));
    const { epoch } = must(await open.call(operations.sync, ben, {}));
    const asked = { epoch, conversations: { [conversationId]: 0 }, receipts: { [conversationId]: before } };
    const [synced] = must(await open.call(operations.sync, ben, asked)).conversations;
    const own = must(await open.call(operations.listReceipts, ann, { conversationId })).items;
    expect(own.find(({ userId }) => userId === ann)?.readSeq).toBe(seq);
    return {
      told,
      isListed: listed.items.some(({ userId }) => userId === ann),
      isSynced: (synced?.receipts ?? []).some(({ userId }) => userId === ann),
      isCounted: listed.receiptsVersion > before,
    };
  };
}

type Outcome = Awaited<ReturnType<Awaited<ReturnType<typeof readBy>>>>;

const hidden: Outcome = { told: [], isListed: false, isSynced: false, isCounted: false };
const shown = { isListed: true, isSynced: true, isCounted: true };
const choose = (person: UserId, audience: string) =>
  sql`insert into user_settings (user_id, see_receipts) values (${person}, ${audience})`.execute(db());

test.each<[string, (reading: Reading) => Promise<unknown>, (reading: Reading) => Outcome]>([
  ["everyone", async () => undefined, ({ conversationId }) => ({ ...shown, told: [conversationId] })],
  ["nobody, and a friend", ({ ann, ben }) => befriend(ann, ben).then(() => choose(ann, "nobody")), () => hidden],
  ["friends, and none", ({ ann }) => choose(ann, "friends"), () => hidden],
  [
    "friends, and one",
    ({ ann, ben }) => befriend(ann, ben).then(() => choose(ann, "friends")),
    ({ ann, ben }) => ({ ...shown, told: [ann, ben] }),
  ],
  [
    "someone blocked",
    ({ ann, ben }) => sql`insert into blocks (user_id, blocked_id) values (${ann}, ${ben})`.execute(db()),
    () => hidden,
  ],
  [
    "someone who blocks the reader",
    ({ ann, ben }) => sql`insert into blocks (user_id, blocked_id) values (${ben}, ${ann})`.execute(db()),
    () => hidden,
  ],
])(
  "[P9] read marks are told, listed, synced and counted as their owner lets them: %s",
  async (_who, choosing, expected) => {
    const { ann, ben, conversationId } = await pair();
    const read = await readBy(ann, ben, conversationId);
    await choosing({ ann, ben, conversationId });
    expect(await read()).toEqual(expected({ ann, ben, conversationId }));
  },
);

test("[P9] in a group a blocked member sees none of the marks that the others see", async () => {
  const [ann, ben, cat] = await addPeople(db(), 3);
  if (ann === undefined || ben === undefined || cat === undefined) throw new Error("nobody");
  const group = { type: "group", title: "A group", memberIds: [ben, cat] };
  const conversationId = must(await open.call(operations.createConversation, ann, group)).conversation.id;
  await sql`insert into blocks (user_id, blocked_id) values (${ann}, ${ben})`.execute(db());
  const read = await readBy(ann, ben, conversationId);
  expect(await read()).toMatchObject({ told: [ann, cat], isListed: false, isSynced: false });
  const ofCat = must(await open.call(operations.listReceipts, cat, { conversationId })).items;
  expect(ofCat.some(({ userId }) => userId === ann)).toBe(true);
});
