import { expect, test } from "bun:test";
import type { Role } from "@hubbub/contract";
import type { Account } from "../src/account.ts";
import { alice, api, bob, carol, connect, dave, draft, newGroup } from "../src/target.ts";
import { expectUnseen } from "../src/unseen.ts";

const setRole = (conversationId: string, { user }: Account, role: Role, by: Account) =>
  api.call("changeMemberRole", { conversationId, userId: user.id, role }, by.token);

const roles = async (conversationId: string) => {
  const { items } = await api.call("listMembers", { conversationId }, alice.token);
  return new Map(items.map(({ userId, role }) => [userId, role]));
};

test("a change of role is pushed with its pts to everyone, and to no one where nothing changes", async () => {
  await using b = await connect(bob);
  const { id: conversationId } = await newGroup(alice, bob, carol);
  const { member } = await setRole(conversationId, bob, "admin", alice);
  expect(member).toMatchObject({ userId: bob.user.id, role: "admin" });
  const heard = await b.hears("MemberRoleChanged");
  const told = { conversationId, userId: bob.user.id, by: alice.user.id, from: "member", to: "admin" };
  expect(heard).toMatchObject(told);
  const { conversation } = await api.call("getConversation", { conversationId }, bob.token);
  expect(conversation).toMatchObject({ me: { role: "admin" } });
  expect(heard.pts).toBeLessThanOrEqual(conversation.pts);
  await setRole(conversationId, bob, "admin", alice);
  const again = await api.call("getConversation", { conversationId }, bob.token);
  expect(again.conversation.pts).toBe(conversation.pts);
  await setRole(conversationId, bob, "member", alice);
  expect(await b.hears("MemberRoleChanged", ({ to }) => to === "member")).toMatchObject({
    from: "admin",
    by: alice.user.id,
  });
});

test("ownership is passed on, and the last owner neither leaves nor steps down [C3]", async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  const stepDown = { conversationId, userId: alice.user.id, role: "member" };
  expect(await api.refused("changeMemberRole", stepDown, alice.token)).toMatchObject({
    ...{ status: 409, code: "LAST_OWNER" },
  });
  await setRole(conversationId, bob, "owner", alice);
  await setRole(conversationId, alice, "member", alice);
  expect(await roles(conversationId)).toEqual(
    new Map([
      [alice.user.id, "member"],
      [bob.user.id, "owner"],
    ]),
  );
  await api.call("removeMember", { conversationId, userId: alice.user.id }, alice.token);
  // alone, he may
  await api.call("removeMember", { conversationId, userId: bob.user.id }, bob.token);
});

test("whatever owners do to each other at once, a group keeps an owner [C3]", async () => {
  const owners = [alice, bob, carol, dave];
  for (let round = 0; round < 6; round++) {
    const { id: conversationId } = await newGroup(alice, bob, carol, dave);
    for (const owner of owners.slice(1)) await setRole(conversationId, owner, "owner", alice);
    const answers = await Promise.all(
      owners.map((owner, index) => {
        const target = round % 2 === 0 ? owner : (owners[(index + 1) % owners.length] ?? owner);
        const input = { conversationId, userId: target.user.id, role: "member" };
        return api.send("changeMemberRole", input, { token: owner.token });
      }),
    );
    for (const { status } of answers) expect(status).toBeOneOf([200, 403, 409]);
    const left = await api.call("listMembers", { conversationId }, alice.token);
    expect(left.items.some(({ role }) => role === "owner")).toBe(true);
  }
});

test("a ban removes and leaves no way in, until it is lifted [C5]", async () => {
  await using c = await connect(carol);
  const { id: conversationId } = await newGroup(alice, bob, carol);
  const { messageId } = await c.send(draft(conversationId, "I was here"));
  await setRole(conversationId, bob, "admin", alice);
  const ban = { conversationId, userId: carol.user.id };
  await api.call("banMember", ban, bob.token);
  await api.call("banMember", ban, bob.token);
  expect((await c.hears("RemovedFromConversation")).by).toBe(bob.user.id);
  await expectUnseen(carol, c, conversationId, messageId);
  const bans = await api.call("listBans", { conversationId }, alice.token);
  expect(bans).toEqual({
    items: [{ userId: carol.user.id, by: bob.user.id, createdAt: expect.any(String) }],
    nextCursor: null,
  });
  const add = { conversationId, userIds: [carol.user.id, dave.user.id] };
  expect(await api.refused("addMembers", add, alice.token)).toMatchObject({ status: 403, code: "FORBIDDEN" });
  expect((await roles(conversationId)).has(dave.user.id)).toBe(false);

  await api.call("unbanMember", ban, bob.token);
  await api.call("addMembers", add, bob.token);
  expect((await roles(conversationId)).get(carol.user.id)).toBe("member");
});

test("[C10] every setting of a group is changed, told and read alike, and a group stays private", async () => {
  await using b = await connect(bob);
  const { id: conversationId } = await newGroup(alice, bob);
  const settings = { historyVisibility: "all", retentionDays: 30 } as const;
  const { conversation } = await api.call("updateConversation", { conversationId, ...settings }, alice.token);
  expect(conversation).toMatchObject(settings);
  expect(await b.hears("ConversationUpdated")).toMatchObject({ conversationId, ...settings });
  const public_ = { conversationId, visibility: "public" };
  expect(await api.refused("updateConversation", public_, alice.token)).toMatchObject({ status: 400 });
  for (const retentionDays of [6, 0, -1, 4_000, 1.5])
    expect((await api.refused("updateConversation", { conversationId, retentionDays }, alice.token)).status).toBe(400);
  const kept = await api.call("updateConversation", { conversationId, retentionDays: null }, alice.token);
  expect(kept.conversation.retentionDays).toBeUndefined();
});

test("a deleted group is gone for everyone, at once and for good [C7]", async () => {
  await using a = await connect(alice);
  await using b = await connect(bob);
  const { id: conversationId } = await newGroup(alice, bob);
  const { messageId } = await b.send(draft(conversationId, "Going"));
  const { pts } = (await api.call("getConversation", { conversationId }, alice.token)).conversation;
  await api.call("deleteConversation", { conversationId }, alice.token);
  expect(Object(await b.hears("ConversationDeleted"))).toEqual({ conversationId, by: alice.user.id, pts: pts + 1 });
  await expectUnseen(alice, a, conversationId, messageId);
  await expectUnseen(bob, b, conversationId, messageId);
});

test("a direct conversation is hidden from one list until its next message [C8]", async () => {
  await using a = await connect(alice);
  const begin = () =>
    api.callWithStatus("createConversation", { type: "direct", memberIds: [dave.user.id] }, alice.token);
  const { id: conversationId } = (await begin()).output.conversation;
  const isListed = async ({ token }: Account) => {
    const { items } = await api.call("listConversations", { limit: 200 }, token);
    return items.some(({ id }) => id === conversationId);
  };
  const { epoch, userPts } = await api.call("sync", {}, alice.token);
  await api.call("deleteConversation", { conversationId }, alice.token);
  await api.call("deleteConversation", { conversationId }, alice.token);
  expect([await isListed(alice), await isListed(dave)]).toEqual([false, true]);
  await api.call("sendMessage", draft(conversationId, "Still there?"), dave.token);
  await a.hears("ReceiveMessage", (message) => message.conversationId === conversationId);
  expect(await isListed(alice)).toBe(true);
  const told = async () => {
    const { user } = await api.call("sync", { epoch, userPts }, alice.token);
    // the entry of its beginning may come late: a consumer writes it
    const comings: readonly string[] = ["AddedToConversation", "RemovedFromConversation"];
    return user.map(({ event }) => event).filter((event) => comings.includes(event));
  };
  expect((await told()).slice(-2)).toEqual(["RemovedFromConversation", "AddedToConversation"]);

  await api.call("deleteConversation", { conversationId }, alice.token);
  expect(await isListed(alice)).toBe(false);
  expect(await begin()).toMatchObject({ status: 200, output: { conversation: { id: conversationId } } });
  expect(await isListed(alice)).toBe(true);
});
