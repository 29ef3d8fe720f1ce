import { expect, test } from "bun:test";
import { alice, api, bob, carol, connect, draft, newGroup } from "../src/target.ts";

test("the history of a group tells what happened to it, in order, live and later, and it counts as unread for nobody [C9] [L23]", async () => {
  await using b = await connect(bob);
  const { id: conversationId } = await newGroup(alice, bob);
  const on = { conversationId, userId: carol.user.id };
  await api.call(
    "updateConversation",
    { conversationId, title: "New", topic: "About", posting: "admins" },
    alice.token,
  );
  await api.call("updateConversation", { conversationId, topic: null }, alice.token);
  await api.call("addMembers", { conversationId, userIds: [carol.user.id] }, alice.token);
  await api.call("changeMemberRole", { ...on, role: "admin" }, alice.token);
  await api.call("removeMember", on, carol.token);
  const { invite } = await api.call("createInvite", { conversationId }, alice.token);
  await api.call("acceptInvite", { token: invite.token }, carol.token);
  await api.call("removeMember", on, alice.token);

  const userId = carol.user.id;
  const expected = [
    { type: "created" },
    { type: "renamed", title: "New" },
    { type: "topicChanged", topic: "About" },
    { type: "settingsChanged" },
    { type: "topicChanged", topic: null },
    { type: "memberAdded", userId },
    { type: "roleChanged", userId, from: "member", to: "admin" },
    { type: "memberLeft" },
    { type: "memberJoined" },
    { type: "memberRemoved", userId },
  ];
  const { items } = await api.call("listMessages", { conversationId }, bob.token);
  expect(items.map(({ system }) => Object(system))).toEqual(expected);
  expect(items.map(({ seq }) => seq)).toEqual(expected.map((_, index) => index + 1));
  const [created, left, joined] = [items[0], items[7], items[8]];
  expect([created?.senderId, created?.seq, created?.pts]).toEqual([alice.user.id, 1, 1]);
  expect([left?.senderId, joined?.senderId]).toEqual([userId, userId]);
  await b.hears("ReceiveMessage", ({ seq }) => seq === expected.length);
  expect(b.heard("ReceiveMessage").map(({ id }) => id)).toEqual(items.map(({ id }) => id));
  const { conversation } = await api.call("getConversation", { conversationId }, bob.token);
  expect(conversation).toMatchObject({ seq: expected.length, me: { unread: 0 } });
});

test("nobody edits what the system says; whoever keeps order deletes it [C9]", async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  await api.call("changeMemberRole", { conversationId, userId: bob.user.id, role: "owner" }, alice.token);
  await api.call("changeMemberRole", { conversationId, userId: alice.user.id, role: "member" }, alice.token);
  const [first, second] = (await api.call("listMessages", { conversationId }, bob.token)).items;
  if (first === undefined || second === undefined) throw new Error("nothing is said");
  const messageId = first.id;
  for (const { token } of [alice, bob])
    expect(await api.refused("editMessage", { messageId, text: "x" }, token)).toMatchObject({ code: "FORBIDDEN" });
  expect(await api.refused("deleteMessage", { messageId }, alice.token)).toMatchObject({ code: "FORBIDDEN" });
  const { message } = await api.call("deleteMessage", { messageId }, bob.token);
  expect(message.deletedAt).toBeDefined();
  expect(message.system).toBeUndefined();
});

test("who comes and goes writes nothing into the history of a channel [C9]", async () => {
  const input = { type: "channel", title: "Channel", visibility: "public" } as const;
  const { id: conversationId } = (await api.call("createConversation", input, alice.token)).conversation;
  await api.call("joinChannel", { conversationId }, bob.token);
  await api.call("removeMember", { conversationId, userId: bob.user.id }, bob.token);
  const { message } = await api.call("sendMessage", draft(conversationId, "First"), alice.token);
  expect(message.seq).toBe(1);
});
