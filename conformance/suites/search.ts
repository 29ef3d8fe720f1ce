import { expect, test } from "bun:test";
import { unique } from "../src/account.ts";
import { alice, api, bob, carol, draft } from "../src/target.ts";

test("[L10] members find a message by a word of it; others, and those who left, do not", async () => {
  const word = unique();
  const group = await api.call(
    "createConversation",
    { type: "group", title: "Found", memberIds: [bob.user.id] },
    alice.token,
  );
  const { id: conversationId } = group.conversation;
  const { message } = await api.call("sendMessage", draft(conversationId, `Say ${word} now`), alice.token);
  const q = word.toUpperCase();
  const expected = { items: [{ message, highlights: [{ from: 4, to: 4 + word.length }] }], nextCursor: null };
  expect(await api.call("searchMessages", { q }, bob.token)).toEqual(expected);
  const none = { items: [], nextCursor: null };
  expect(await api.call("searchMessages", { q, conversationId }, carol.token)).toEqual(none);
  await api.call("removeMember", { conversationId, userId: bob.user.id }, bob.token);
  expect(await api.call("searchMessages", { q }, bob.token)).toEqual(none);
  await api.call("deleteMessage", { messageId: message.id }, alice.token);
  expect(await api.call("searchMessages", { q }, alice.token)).toEqual(none);
});

test("a query that is empty, too long or of another list is refused", async () => {
  for (const query of [
    {},
    { from: alice.user.id },
    { q: " " },
    { q: "a".repeat(257) },
    { q: "a", cursor: "1" },
    { q: "a", has: "nothing" },
  ]) {
    expect((await api.refused("searchMessages", query, alice.token)).code).toBe("VALIDATION_FAILED");
  }
  expect((await api.refused("searchMessages", { q: "a" })).code).toBe("UNAUTHENTICATED");
});
