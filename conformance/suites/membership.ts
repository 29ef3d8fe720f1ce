import { expect, test } from "bun:test";
import { alice, api, bob, carol, connect, dave, draft, newGroup } from "../src/target.ts";
import { expectUnseen } from "../src/unseen.ts";

test("for a stranger a conversation does not exist, and nothing of it reaches them [L13]", async () => {
  await using stranger = await connect(dave);
  await using a = await connect(alice);
  await using b = await connect(bob);
  const { id } = await newGroup(alice, bob);
  const { messageId } = await a.send(draft(id, "Between us"));
  await b.hears("ReceiveMessage", (message) => message.id === messageId);
  await expectUnseen(dave, stranger, id, messageId);
  expect(stranger.pushes).toEqual([]);
});

test("whoever is added hears of it and then every message, on the connection that is open", async () => {
  await using a = await connect(alice);
  await using b = await connect(bob);
  await using c = await connect(carol);
  const { id: conversationId, pts } = await newGroup(alice, bob);
  const before = await a.send(draft(conversationId, "Before"));
  const { status, output } = await api.callWithStatus(
    "addMembers",
    { conversationId, userIds: [carol.user.id, bob.user.id] },
    alice.token,
  );
  expect(status).toBe(201);
  expect(new Set(output.items.map((member) => member.userId))).toEqual(new Set([bob.user.id, carol.user.id]));

  const added = { conversationId, userId: carol.user.id, by: alice.user.id, role: "member", pts: pts + 2 };
  for (const hub of [a, b]) expect(Object(await hub.hears("MemberAdded"))).toEqual(added);
  const invitation = await c.hears("AddedToConversation", ({ conversation }) => conversation.id === conversationId);
  expect(invitation.conversation).toMatchObject({ memberCount: 3, me: { role: "member" } });

  const after = await b.send(draft(conversationId, "After"));
  await c.hears("ReceiveMessage", (message) => message.id === after.messageId);
  expect(c.heard("ReceiveMessage").map((message) => message.id)).not.toContain(before.messageId);
  const { items } = await api.call("listMessages", { conversationId }, carol.token);
  const said = { kind: "system", senderId: alice.user.id, system: { type: "memberAdded", userId: carol.user.id } };
  expect(items).toMatchObject([said, { id: after.messageId }]);
  await c.send(draft(conversationId, "Thanks"));
});

test("whoever is removed gets nothing more, while the others go on [L13]", async () => {
  await using a = await connect(alice);
  await using b = await connect(bob);
  await using c = await connect(carol);
  const { id: conversationId } = await newGroup(alice, bob, carol);
  const kept = draft(conversationId, "I was here");
  const sent = await c.send(kept);
  const noise = Array.from({ length: 40 }, (_, n) => a.send(draft(conversationId, `Meanwhile ${n}`)));
  await api.call("removeMember", { conversationId, userId: carol.user.id }, alice.token);
  const afterwards = await Promise.all(
    Array.from({ length: 20 }, (_, n) => b.send(draft(conversationId, `After ${n}`))),
  );
  await Promise.all(noise);

  const removal = await b.hears("MemberRemoved");
  expect(Object(removal)).toEqual({ conversationId, userId: carol.user.id, by: alice.user.id, pts: removal.pts });
  const last = Math.max(...afterwards.map((receipt) => receipt.seq));
  await b.hears("ReceiveMessage", (message) => message.seq >= last);
  const told = await c.hears("RemovedFromConversation", (removed) => removed.conversationId === conversationId);
  expect(told.by).toBe(alice.user.id);

  await expectUnseen(carol, c, conversationId, sent.messageId);
  const heard = [...c.heard("ReceiveMessage"), ...c.heard("MemberRemoved")].map((change) => change.pts);
  expect(Math.max(...heard)).toBeLessThan(removal.pts);
  expect(await c.send(kept)).toEqual({ ...sent, duplicate: true });
});

test("members leave by themselves, and the last owner cannot", async () => {
  await using b = await connect(bob);
  const { id: conversationId } = await newGroup(alice, bob);
  const { messageId } = await b.send(draft(conversationId, "Goodbye"));
  const leave = { conversationId, userId: alice.user.id };
  expect(await api.refused("removeMember", leave, alice.token)).toMatchObject({ status: 409, code: "LAST_OWNER" });
  await api.call("removeMember", { conversationId, userId: bob.user.id }, bob.token);
  expect((await b.hears("RemovedFromConversation")).by).toBe(bob.user.id);
  await expectUnseen(bob, b, conversationId, messageId);
  const { conversation } = await api.call("getConversation", { conversationId }, alice.token);
  expect(conversation.memberCount).toBe(1);
});
