import { expect, test } from "bun:test";
import { type Account, newAccount } from "../src/account.ts";
import { alice, api, bob, carol, connect, dave, draft, newChannel, newGroup } from "../src/target.ts";

test("a read mark reaches the others, and one's own other connections; marks only rise [L16] [L22]", async () => {
  await using a = await connect(alice);
  await using b = await connect(bob);
  await using otherTab = await connect(bob);
  const { id: conversationId } = await newChannel(alice, bob);
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

test("who got and who read a message is told to who sees it, of those who received it and show their marks [L22] [P9]", async () => {
  const shy = await newAccount(api, "shy");
  const { id: conversationId } = await newGroup(alice, bob, carol, shy);
  const { message } = await api.call("sendMessage", draft(conversationId, "Who has read this?"), alice.token);
  const messageId = message.id;
  await api.call("addMembers", { conversationId, userIds: [dave.user.id] }, alice.token);
  await api.call("updateOwnSettings", { privacy: { seeReceipts: "nobody" } }, shy.token);
  await api.call("markMessageAsRead", { conversationId, seq: message.seq }, bob.token);
  await api.call("markMessageAsDelivered", { conversationId, seq: message.seq }, carol.token);
  await api.call("markMessageAsRead", { conversationId, seq: message.seq }, shy.token);

  const of = async (who: Account) => (await api.call("listMessageReceipts", { messageId }, who.token)).items;
  const inOrder = (...items: { userId: string; delivered: boolean; read: boolean }[]) =>
    items.sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const ofBob = { userId: bob.user.id, delivered: true, read: true };
  const ofCarol = { userId: carol.user.id, delivered: true, read: false };
  const ofShy = { userId: shy.user.id, delivered: true, read: true };
  expect(await of(alice)).toEqual(Object(inOrder(ofBob, ofCarol)));
  expect(await of(shy)).toEqual(Object(inOrder(ofBob, ofCarol, ofShy)));

  const pages = [];
  for (let cursor: string | undefined; ; ) {
    const page = { messageId, limit: 1, ...(cursor !== undefined && { cursor }) };
    const { items, nextCursor } = await api.call("listMessageReceipts", page, alice.token);
    pages.push(items);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  expect(pages.map((items) => items.length)).toEqual([1, 1]);
  expect(pages.flat()).toEqual(await of(alice));
  const problem = await api.refused("listMessageReceipts", { messageId }, dave.token);
  expect(problem.code).toBe("NOT_FOUND");
});

test("members are listed with their roles and, where they show them, their marks [L22] [P9]", async () => {
  const shy = await newAccount(api, "shy");
  const { id: conversationId } = await newGroup(alice, bob, shy);
  await api.call("updateOwnSettings", { privacy: { seeReceipts: "nobody" } }, shy.token);
  const { message } = await api.call("sendMessage", draft(conversationId, "Hello"), alice.token);
  for (const { token } of [bob, shy]) await api.call("markMessageAsRead", { conversationId, seq: message.seq }, token);
  const of = async (reader: Account, who: Account) => {
    const { items } = await api.call("listMembers", { conversationId }, reader.token);
    return items.find(({ userId }) => userId === who.user.id);
  };
  const marks = { readSeq: message.seq, deliveredSeq: message.seq };
  expect(await of(alice, bob)).toEqual(
    Object({ userId: bob.user.id, role: "member", joinedAt: expect.any(String), ...marks }),
  );
  expect(await of(bob, alice)).toMatchObject({ role: "owner", ...marks });
  expect(await of(shy, shy)).toMatchObject(marks);
  expect(Object.keys((await of(alice, shy)) ?? {}).sort()).toEqual(["joinedAt", "role", "userId"]);
});
