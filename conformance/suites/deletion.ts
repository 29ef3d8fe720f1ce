import { expect, test } from "bun:test";
import type { OperationName, OperationRequest } from "@hubbub/contract";
import { type Account, newAccount, password, signIn } from "../src/account.ts";
import { problemOf } from "../src/api.ts";
import { eventually } from "../src/eventually.ts";
import { failure } from "../src/failure.ts";
import { api, connect, draft, newGroup } from "../src/target.ts";

const code = async <Name extends OperationName>(who: Account, name: Name, input: OperationRequest<Name> & object) => {
  const answer = await api.send(name, input, { token: who.token });
  return answer.status < 400 ? answer.status : problemOf(answer).code;
};

const direct = async (one: Account, other: Account) =>
  (await api.call("createConversation", { type: "direct", memberIds: [other.user.id] }, one.token)).conversation.id;

const deleteAccount = (who: Account) => api.call("deleteOwnUser", { password }, who.token);

test("an account is deleted with its password; its sessions and sockets end within a second, and its names are free again", async () => {
  const zoe = await newAccount(api, "zoe");
  const phone = await signIn(api, zoe.user.username);
  await using hub = await connect(zoe);
  expect(await code(zoe, "deleteOwnUser", { password: "wrong horse battery staple" })).toBe("INVALID_CREDENTIALS");
  expect((await api.call("getOwnUser", {}, zoe.token)).user.email).toBe(zoe.email);
  const before = performance.now();
  await deleteAccount(zoe);
  await hub.ends();
  expect(performance.now() - before).toBeLessThan(1000);
  expect(hub.pushes.at(-1)).toEqual({ event: "SessionRevoked", payload: { reason: "accountDeleted" } });
  for (const token of [zoe.token, phone.accessToken])
    expect((await api.refused("getOwnUser", {}, token)).code).toBe("UNAUTHENTICATED");
  const { deviceId, refreshToken, email, user } = zoe;
  expect((await api.refused("refresh", { deviceId, refreshToken })).code).toBe("UNAUTHENTICATED");
  for (const login of [user.username, email])
    expect((await api.refused("login", { login, password, deviceId })).code).toBe("INVALID_CREDENTIALS");
  const again = await api.call("register", { username: user.username, email, password });
  expect(again.user.id).not.toBe(user.id);
});

test("what a deleted person wrote stays, without their name; nobody writes to them, finds, asks or adds them", async () => {
  const [zoe, ann] = [await newAccount(api, "zoe"), await newAccount(api, "ann")];
  const conversationId = await direct(zoe, ann);
  const { message } = await api.call("sendMessage", draft(conversationId, "I was here"), zoe.token);
  const { message: answer } = await api.call("sendMessage", draft(conversationId, "So was I"), ann.token);
  const group = await newGroup(ann, zoe);
  await api.call("sendMessage", draft(group.id, "And here"), zoe.token);
  await using hub = await connect(ann);
  await deleteAccount(zoe);
  const nobody = { id: zoe.user.id, displayName: "Deleted account", isDeleted: true } as const;
  const { username } = await hub.hears("UserUpdated", ({ id }) => id === zoe.user.id);
  expect(hub.heard("UserUpdated").at(-1)).toEqual({ ...nobody, username });
  expect(username).not.toContain("zoe");
  const { user } = await api.call("getUser", { userId: zoe.user.id }, ann.token);
  expect(user).toEqual({ ...nobody, username, presence: "offline" });
  const history = async (id: string) => (await api.call("listMessages", { conversationId: id }, ann.token)).items;
  expect((await history(conversationId)).map(({ id, senderId, text }) => ({ id, senderId, text }))).toEqual([
    { id: message.id, senderId: zoe.user.id, text: "I was here" },
    { id: answer.id, senderId: ann.user.id, text: "So was I" },
  ]);
  expect((await history(group.id)).map(({ text }) => text)).toContain("And here");
  const { conversation } = await api.call("getConversation", { conversationId }, ann.token);
  expect(conversation.peer).toEqual({ ...nobody, username });

  expect(await code(ann, "sendMessage", draft(conversationId, "Hello?"))).toBe("RECIPIENT_UNAVAILABLE");
  expect(await failure(hub.send(draft(conversationId, "Hello?")))).toContain("RECIPIENT_UNAVAILABLE: ");
  expect(await failure(hub.call("startTyping", { conversationId }))).toContain("RECIPIENT_UNAVAILABLE: ");
  expect(await code(ann, "editMessage", { messageId: answer.id, text: "x" })).toBe("RECIPIENT_UNAVAILABLE");
  expect(await code(ann, "react", { messageId: message.id, emoji: "👍" })).toBe("RECIPIENT_UNAVAILABLE");
  expect(await code(ann, "deleteMessage", { messageId: answer.id })).toBe(200);
  for (const name of [zoe.user.username, username])
    expect(await code(ann, "getUserByUsername", { username: name })).toBe("NOT_FOUND");
  for (const query of [zoe.user.username, username, "Deleted account"])
    expect((await api.call("listUsers", { query }, ann.token)).items).toEqual([]);
  const userId = zoe.user.id;
  expect(await code(ann, "requestFriend", { userId })).toBe("NOT_FOUND");
  expect(await code(ann, "blockUser", { userId })).toBe("NOT_FOUND");
  expect(await code(ann, "addMembers", { conversationId: group.id, userIds: [userId] })).toBe("NOT_FOUND");
  expect(await code(ann, "createConversation", { type: "group", title: "x", memberIds: [userId] })).toBe("NOT_FOUND");
});

test("[C12] a deleted person leaves as anybody does: groups go on with an owner, what was theirs alone goes, friends hear of it", async () => {
  const [zoe, ann, ben] = [await newAccount(api, "zoe"), await newAccount(api, "ann"), await newAccount(api, "ben")];
  const group = await newGroup(zoe, ann, ben);
  await api.call("changeMemberRole", { conversationId: group.id, userId: ben.user.id, role: "admin" }, zoe.token);
  const title = `Only ${zoe.user.username}`;
  await api.call("createConversation", { type: "channel", title, visibility: "public" }, zoe.token);
  const invited = await newGroup(ann);
  const { items } = await api.call("inviteMembers", { conversationId: invited.id, userIds: [zoe.user.id] }, ann.token);
  await api.call("requestFriend", { userId: zoe.user.id }, ann.token);
  await api.call("answerFriendRequest", { userId: ann.user.id, status: "accepted" }, zoe.token);
  await api.call("blockUser", { userId: zoe.user.id }, ben.token);
  await using annHub = await connect(ann);
  await using benHub = await connect(ben);
  await deleteAccount(zoe);
  const userId = zoe.user.id;
  const { by, from, to } = await annHub.hears("MemberRoleChanged", (event) => event.userId === ben.user.id);
  expect([by, from, to]).toEqual([userId, "admin", "owner"]);
  await annHub.hears("MemberRemoved", (event) => event.userId === userId && event.by === userId);
  await annHub.hears("ReceiveMessage", ({ system, senderId }) => system?.type === "memberLeft" && senderId === userId);
  await annHub.hears("FriendRequestUpdated", (event) => event.userId === userId && event.status === "removed");
  await benHub.hears("SettingsUpdated", ({ block }) => block?.userId === userId && !block.isBlocked);
  await annHub.hears("InvitationUpdated", ({ invitation }) => invitation.id === items[0]?.id);
  expect((await api.call("listFriends", {}, ann.token)).items).toEqual([]);
  expect((await api.call("listBlocks", {}, ben.token)).items).toEqual([]);
  const members = await api.call("listMembers", { conversationId: group.id }, ann.token);
  expect(new Map(members.items.map((member) => [member.userId as string, member.role]))).toEqual(
    new Map([
      [ann.user.id, "member"],
      [ben.user.id, "owner"],
    ]),
  );
  await eventually(
    async () => (await api.call("listPublicConversations", { query: title }, ann.token)).items.length === 0,
    () => "the channel is still there",
  );
});
