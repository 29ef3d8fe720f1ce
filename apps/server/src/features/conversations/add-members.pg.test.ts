import { afterAll, expect, test } from "bun:test";
import { newClientMessageId, operations } from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase } from "../../testing/database.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";

const store = await createTestDatabase();
const node = new TestNode(store.url);
afterAll(async () => {
  await node.close();
  await store.drop();
});

const db = store.database.writer.kysely;
/** Milliseconds: far more than the calls need, and less than a deadlock's or the test's own end. */
const PATIENCE = 10_000;

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE; !(await isSo()); await Bun.sleep(10))
    if (Date.now() > end) throw new Error("it did not come to be");
}

test("[L7] neither adding 100 people nor writing to them waits for, or takes, a lock on a person; their inboxes follow", async () => {
  const [owner, ...others] = await addPeople(db, 101);
  if (owner === undefined) throw new Error("nobody");
  const { conversation } = must(await node.call(operations.createConversation, owner, { type: "group", title: "All" }));
  const conversationId = conversation.id;
  const told = async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from user_inbox
      where conversation_id = ${conversationId}::uuid and event = 'AddedToConversation'`.execute(db);
    return rows[0]?.count ?? 0;
  };
  await db.transaction().execute(async (tx) => {
    await sql`select 1 from users order by id for update`.execute(tx);
    const calls = async () => {
      const added = await node.call(operations.addMembers, owner, { conversationId, userIds: others });
      expect(must(added).items).toHaveLength(others.length);
      const message = { conversationId, clientMessageId: newClientMessageId(), text: "Welcome" };
      must(await node.call(operations.sendMessage, owner, message));
      return "answered";
    };
    expect(await Promise.race([calls(), Bun.sleep(PATIENCE).then(() => "waiting for a person's row")])).toBe(
      "answered",
    );
    expect(await told()).toBe(0);
  });
  await eventually(async () => (await told()) === others.length);
  expect(node.errors).toEqual([]);
});
