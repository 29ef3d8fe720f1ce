import { afterAll, expect, test } from "bun:test";
import { operations } from "@hubbub/contract";
import { createTestDatabase } from "../../testing/database.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";

const store = await createTestDatabase();
const node = new TestNode(store.url);
afterAll(async () => {
  await node.close();
  await store.drop();
});

test("[C1] of certain people those who are members are listed, page by page, and strangers are told of nobody", async () => {
  const [owner, first, second, removed, stranger] = await addPeople(store.database.writer.kysely, 5);
  if (owner === undefined || first === undefined || second === undefined) throw new Error("too few");
  if (removed === undefined || stranger === undefined) throw new Error("too few");
  const memberIds = [first, second, removed];
  const made = await node.call(operations.createConversation, owner, { type: "group", title: "All", memberIds });
  const conversationId = must(made).conversation.id;
  must(await node.call(operations.removeMember, owner, { conversationId, userId: removed }));
  const list = async (ids: readonly string[], more: object = {}) =>
    must(await node.call(operations.listMembers, first, { conversationId, ids: ids.join(","), ...more }));
  const found = async (ids: readonly string[]) => (await list(ids)).items.map(({ userId }) => userId);
  expect(await found([second, stranger, removed, owner])).toEqual([second, owner].sort());
  expect(await found([stranger])).toEqual([]);
  const page = await list([owner, second], { limit: 1 });
  expect(page.items).toHaveLength(1);
  const rest = await list([owner, second], { limit: 1, cursor: page.nextCursor ?? "" });
  expect([...page.items, ...rest.items].map(({ userId }) => userId)).toEqual([second, owner].sort());
  expect(rest.nextCursor).toBeNull();
  const refused = await node.call(operations.listMembers, stranger, { conversationId, ids: first });
  expect(refused).toMatchObject({ ok: false, failure: { code: "NOT_FOUND" } });
  expect(node.errors).toEqual([]);
});
