import { expect, test } from "bun:test";
import type { OperationRequest } from "@hubbub/contract";
import { type Account, newAccount } from "../src/account.ts";
import { alice, api, bob, carol, connect, dave, newGroup } from "../src/target.ts";

const newInvite = async (input: OperationRequest<"createInvite">) =>
  (await api.call("createInvite", input, alice.token)).invite;

const waiting = async ({ token }: Account) => (await api.call("listInvitations", {}, token)).items;

/** Invites one person. */
async function invite(conversationId: string, { user }: Account) {
  const { items } = await api.call("inviteMembers", { conversationId, userIds: [user.id] }, alice.token);
  const [invitation] = items;
  if (invitation === undefined) throw new Error("nobody is invited");
  return invitation;
}

test("an invitation reaches its person and waits; accepting it makes them a member, and both sides hear of it [C4]", async () => {
  const ines = await newAccount(api, "ines");
  await using a = await connect(alice);
  await using i = await connect(ines);
  const { epoch, userPts } = await api.call("sync", {}, ines.token);
  const { id: conversationId } = await newGroup(alice, bob);
  const invitation = await invite(conversationId, ines);
  expect(invitation).toMatchObject({
    ...{ conversationId, userId: ines.user.id, invitedBy: alice.user.id, status: "pending" },
    conversation: { id: conversationId, type: "group", title: "Group", memberCount: 2 },
  });
  expect(await i.hears("InvitationReceived")).toEqual({ invitation, userPts: userPts + 1 });
  expect(await waiting(ines)).toEqual([invitation]);
  // once more is the same one, and members are left out
  expect(await invite(conversationId, ines)).toEqual(invitation);
  const members = { conversationId, userIds: [alice.user.id, bob.user.id] };
  expect((await api.call("inviteMembers", members, alice.token)).items).toEqual([]);
  expect((await api.refused("getConversation", { conversationId }, ines.token)).status).toBe(404);

  const answer = { invitationId: invitation.id, status: "accepted" } as const;
  const { invitation: accepted } = await api.call("answerInvitation", answer, ines.token);
  expect(accepted).toMatchObject({ id: invitation.id, status: "accepted", conversation: { memberCount: 3 } });
  for (const hub of [a, i]) {
    const told = await hub.hears("InvitationUpdated", (update) => update.invitation.id === invitation.id);
    expect(told.invitation.status).toBe("accepted");
  }
  await i.hears("AddedToConversation", ({ conversation }) => conversation.id === conversationId);
  expect(await waiting(ines)).toEqual([]);
  const read = await api.call("sync", { epoch, userPts }, ines.token);
  expect(read.user.map(({ event }) => event).toSorted()).toEqual([
    "AddedToConversation",
    "InvitationReceived",
    "InvitationUpdated",
  ]);
  await api.call("answerInvitation", answer, ines.token);
  const other = { ...answer, status: "declined" };
  expect(await api.refused("answerInvitation", other, ines.token)).toMatchObject({ status: 409, code: "CONFLICT" });
});

test("an invitation is one person's: declined, they stay out and may be invited again; others do not see it [C4]", async () => {
  const { id: conversationId } = await newGroup(alice);
  const { id: invitationId } = await invite(conversationId, carol);
  const answer = { invitationId, status: "accepted" };
  for (const { token } of [dave, alice])
    expect(await api.refused("answerInvitation", answer, token)).toMatchObject({ status: 404, code: "NOT_FOUND" });
  await api.call("answerInvitation", { invitationId, status: "declined" }, carol.token);
  expect((await api.refused("getConversation", { conversationId }, carol.token)).status).toBe(404);
  expect((await invite(conversationId, carol)).id).not.toBe(invitationId);
});

test("no way in is left to the banned: not by addition, invitation, link, or what they held before [C5]", async () => {
  const { id: conversationId } = await newGroup(alice);
  const { id: invitationId } = await invite(conversationId, carol);
  const { token } = await newInvite({ conversationId });
  await api.call("banMember", { conversationId, userId: carol.user.id }, alice.token);
  expect((await waiting(carol)).map(({ id }) => id)).not.toContain(invitationId);
  const accept = { invitationId, status: "accepted" };
  expect(await api.refused("answerInvitation", accept, carol.token)).toMatchObject({ status: 404 });
  expect(await api.refused("acceptInvite", { token }, carol.token)).toMatchObject({ status: 403, code: "FORBIDDEN" });
  const userIds = [carol.user.id, dave.user.id];
  for (const name of ["addMembers", "inviteMembers"] as const)
    expect(await api.refused(name, { conversationId, userIds }, alice.token)).toMatchObject({ code: "FORBIDDEN" });
  const { conversation } = await api.call("getConversation", { conversationId }, alice.token);
  expect(conversation.memberCount).toBe(1);
  const { items } = await api.call("listInvites", { conversationId }, alice.token);
  expect(items).toMatchObject([{ token, uses: 0 }]);
});

test("a link shows where it leads, lets people in, and is counted exactly however many come at once [C6]", async () => {
  const guests = await Promise.all(Array.from({ length: 6 }, (_, n) => newAccount(api, `guest${n}`)));
  const { id: conversationId } = await newGroup(alice, bob);
  const made = await newInvite({ conversationId, maxUses: 3, expiresInHours: 2 });
  expect(made).toMatchObject({ conversationId, createdBy: alice.user.id, maxUses: 3, uses: 0 });
  expect(made.token).toMatch(/^[A-Za-z0-9_-]{22,}$/);
  const hours = (Date.parse(made.expiresAt ?? "") - Date.parse(made.createdAt)) / 3_600_000;
  expect(hours).toBeCloseTo(2, 2);
  const { token } = made;
  const { invite: preview } = await api.call("getInvite", { token }, dave.token);
  const shown = { id: conversationId, type: "group", title: "Group", memberCount: 2 } as const;
  expect(Object(preview)).toEqual({ token, expiresAt: made.expiresAt, conversation: shown });
  // who is in already uses nothing up
  await api.call("acceptInvite", { token }, bob.token);
  const answers = await Promise.all(guests.map((guest) => api.send("acceptInvite", { token }, { token: guest.token })));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 410, 410, 410]);
  const { conversation } = await api.call("getConversation", { conversationId }, alice.token);
  expect(conversation.memberCount).toBe(5);
  const { items } = await api.call("listInvites", { conversationId }, alice.token);
  expect(items).toMatchObject([{ token, uses: 3 }]);
  const over = { status: 410, code: "INVITE_EXPIRED" };
  expect(await api.refused("getInvite", { token }, dave.token)).toMatchObject(over);
  expect(await api.refused("acceptInvite", { token }, dave.token)).toMatchObject(over);
});

test("a revoked link is over for everyone; only those who manage links make, list and revoke them [C6]", async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  const { token } = await newInvite({ conversationId });
  expect(await api.refused("createInvite", { conversationId }, bob.token)).toMatchObject({ code: "FORBIDDEN" });
  expect(await api.refused("listInvites", { conversationId }, bob.token)).toMatchObject({ code: "FORBIDDEN" });
  expect(await api.refused("revokeInvite", { token }, bob.token)).toMatchObject({ code: "FORBIDDEN" });
  expect(await api.refused("revokeInvite", { token }, dave.token)).toMatchObject({ code: "NOT_FOUND" });
  await api.call("revokeInvite", { token }, alice.token);
  for (const name of ["getInvite", "acceptInvite"] as const)
    expect(await api.refused(name, { token }, dave.token)).toMatchObject({ status: 410, code: "INVITE_EXPIRED" });
  expect((await api.call("listInvites", { conversationId }, alice.token)).items).toEqual([]);
  for (const none of ["x", "A".repeat(22)])
    expect(await api.refused("getInvite", { token: none }, dave.token)).toMatchObject({ code: "NOT_FOUND" });
  for (const bad of [{ maxUses: 0 }, { expiresInHours: 0 }, { maxUses: 1.5 }, { expiresInHours: -1 }])
    expect((await api.refused("createInvite", { conversationId, ...bad }, alice.token)).status).toBe(400);
});

test("invitations and links end with their conversation [C7]", async () => {
  await using d = await connect(dave);
  const { id: conversationId } = await newGroup(alice);
  const { id: invitationId } = await invite(conversationId, dave);
  const { token } = await newInvite({ conversationId });
  await api.call("deleteConversation", { conversationId }, alice.token);
  const told = await d.hears("InvitationUpdated", ({ invitation }) => invitation.id === invitationId);
  expect(told.invitation.status).toBe("withdrawn");
  expect(told.invitation.conversation).toBeUndefined();
  expect((await waiting(dave)).map(({ id }) => id)).not.toContain(invitationId);
  expect(await api.refused("getInvite", { token }, dave.token)).toMatchObject({ status: 404 });
  const accept = { invitationId, status: "accepted" };
  expect(await api.refused("answerInvitation", accept, dave.token)).toMatchObject({ status: 404 });
});

test("whom a setting forbids to add is invited instead; who blocked the one who adds hears nothing [C11]", async () => {
  const [shy, gone] = await Promise.all([newAccount(api, "shy"), newAccount(api, "gone")]);
  await api.call("updateOwnSettings", { privacy: { addMe: "nobody" } }, shy.token);
  await api.call("blockUser", { userId: alice.user.id }, gone.token);
  const userIds = [shy.user.id, gone.user.id, bob.user.id];
  const { id: conversationId } = await newGroup(alice);
  const { items } = await api.call("addMembers", { conversationId, userIds }, alice.token);
  expect(items.map(({ userId }) => userId)).toEqual([bob.user.id]);
  const begun = await newGroup(alice, shy, gone, bob);
  expect(begun.memberCount).toBe(2);
  const invited = (await waiting(shy)).map((invitation) => invitation.conversationId);
  expect(new Set(invited)).toEqual(new Set([conversationId, begun.id]));
  const asked = await api.call("inviteMembers", { conversationId, userIds: [gone.user.id] }, alice.token);
  expect(asked.items).toEqual([]);
  expect(await waiting(gone)).toEqual([]);
});
