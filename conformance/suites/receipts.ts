import { expect, test } from "bun:test";
import { alice, api, bob, carol, connect, draft, newGroup } from "../src/target.ts";

test("a read mark reaches the others, and one's own other connections; marks only rise [L16] [L22]", async () => {
  await using a = await connect(alice);
  await using b = await connect(bob);
  await using otherTab = await connect(bob);
  const { id: conversationId } = await newGroup(alice, bob);
  await b.hears("NewConversationCreated", ({ conversation }) => conversation.id === conversationId);
  const { epoch, userPts } = await b.sync({});
  await a.send(draft(conversationId, "One"));
  await a.send(draft(conversationId, "Two"));
  const of = (payload: { conversationId: string }) => payload.conversationId === conversationId;

  const delivered = await b.call("markMessageAsDelivered", { conversationId, seq: 1 });
  expect(delivered).toEqual({ userId: bob.user.id, deliveredSeq: 1, readSeq: 0 });
  const first = await a.hears("MessageStatusUpdated", of);
  expect(first).toEqual({ conversationId, ...delivered, receiptsVersion: expect.any(Number) });

  const read = await b.call("markMessageAsRead", { conversationId, seq: 1_000 });
  expect(read).toEqual({ userId: bob.user.id, deliveredSeq: 2, readSeq: 2 });
  const mark = { conversationId, readSeq: 2, deliveredSeq: 2, userPts: userPts + 1 };
  expect(await otherTab.hears("ReadMarkUpdated", of)).toEqual(mark);
  expect(await b.hears("ReadMarkUpdated", of)).toEqual(mark);
  const second = await a.hears("MessageStatusUpdated", (status) => of(status) && status.readSeq === 2);
  expect(second.receiptsVersion).toBeGreaterThan(first.receiptsVersion);
  expect(a.heard("ReadMarkUpdated").filter(of)).toEqual([]);

  expect(await api.call("markMessageAsRead", { conversationId, seq: 1 }, bob.token)).toEqual({ receipt: read });
  const receipts = await api.call("listReceipts", { conversationId }, alice.token);
  expect(receipts.receiptsVersion).toBe(second.receiptsVersion);
  expect(receipts.items.toSorted((x, y) => x.readSeq - y.readSeq)).toHaveLength(2);
  expect(receipts.items).toContainEqual(read);
  expect(receipts.items).toContainEqual({ userId: alice.user.id, deliveredSeq: 2, readSeq: 2 });

  const known = { epoch, userPts, conversations: { [conversationId]: 2 } };
  const synced = await b.sync({ ...known, receipts: { [conversationId]: first.receiptsVersion } });
  expect(synced.user).toEqual([
    { event: "ReadMarkUpdated", userPts: userPts + 1, createdAt: expect.any(String), payload: mark },
  ]);
  expect(synced.conversations[0]).toMatchObject({ receipts: [read], receiptsVersion: second.receiptsVersion });
  const [current] = (await b.sync({ ...known, receipts: { [conversationId]: second.receiptsVersion } })).conversations;
  expect(current?.receipts).toBeUndefined();
});

test("unread is what others wrote since and did not delete [L23]", async () => {
  const { id: conversationId } = await newGroup(alice, bob, carol);
  const unread = async () => {
    const { conversation } = await api.call("getConversation", { conversationId }, bob.token);
    return conversation.me.unread;
  };
  const sent = [];
  for (const sender of [alice, carol, alice])
    sent.push((await api.call("sendMessage", draft(conversationId, "x"), sender.token)).message);
  expect(await unread()).toBe(3);
  await api.call("markMessageAsRead", { conversationId, seq: sent[0]?.seq ?? 0 }, bob.token);
  expect(await unread()).toBe(2);
  await api.call("deleteMessage", { messageId: sent[1]?.id ?? "" }, carol.token);
  expect(await unread()).toBe(1);
  await api.call("sendMessage", draft(conversationId, "Mine"), bob.token);
  expect(await unread()).toBe(0);
});
