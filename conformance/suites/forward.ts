import { expect, test } from "bun:test";
import { limits, type OperationName, type OperationRequest } from "@hubbub/contract";
import { type Account, newAccount } from "../src/account.ts";
import { problemOf } from "../src/api.ts";
import { applyChange, freshState } from "../src/state.ts";
import { alice, api, bob, carol, connect, dave, draft, newGroup } from "../src/target.ts";

const write = async (conversationId: string, text: string, who = alice) =>
  (await api.call("sendMessage", draft(conversationId, text), who.token)).message;

const headOf = async (conversationId: string, who: Account) => {
  const { conversation } = await api.call("getConversation", { conversationId }, who.token);
  return { seq: conversation.seq, pts: conversation.pts };
};

const code = async <Name extends OperationName>(who: Account, name: Name, input: OperationRequest<Name> & object) => {
  const answer = await api.send(name, input, { token: who.token });
  return answer.status < 400 ? answer.status : problemOf(answer).code;
};

test("a forwarded message tells who wrote it and when, calls nobody, and is nobody's to edit [L2] [L18]", async () => {
  const source = await newGroup(alice, bob);
  const first = await newGroup(bob, carol);
  const second = await newGroup(bob, dave);
  const input = { ...draft(source.id, "Look at this"), mentions: [bob.user.id] };
  const { message: original } = await api.call("sendMessage", input, alice.token);
  const before = await freshState(api, carol, first.id);
  await using hub = await connect(carol);

  const conversationIds = [second.id, first.id, second.id];
  const { items } = await api.call("forwardMessage", { messageId: original.id, conversationIds }, bob.token);
  expect(items.map(({ conversationId }) => conversationId)).toEqual([second.id, first.id]);
  const forwardedFrom = { senderId: alice.user.id, createdAt: original.createdAt };
  const [, copy] = items;
  expect(copy).toEqual({
    ...{ id: expect.any(String), conversationId: first.id, seq: before.seq + 1, pts: before.pts + 1, kind: "text" },
    ...{ senderId: bob.user.id, clientMessageId: expect.any(String), text: "Look at this", forwardedFrom },
    createdAt: expect.any(String),
  });
  expect(await hub.hears("ReceiveMessage", ({ conversationId }) => conversationId === first.id)).toEqual(Object(copy));
  const changes = await api.call("listChanges", { conversationId: first.id, afterPts: before.pts }, carol.token);
  expect(changes.items.reduce(applyChange, before)).toEqual(await freshState(api, carol, first.id));
  // nothing of where it was
  expect(JSON.stringify(changes.items)).not.toContain(source.id);

  const messageId = copy?.id ?? "";
  expect(await code(bob, "editMessage", { messageId, text: "What Alice never said" })).toBe("FORBIDDEN");
  const again = { messageId, conversationIds: [source.id] };
  const [returned] = (await api.call("forwardMessage", { ...again, conversationIds: [first.id] }, carol.token)).items;
  expect(returned).toMatchObject({ senderId: carol.user.id, forwardedFrom });
  expect(await code(carol, "forwardMessage", again)).toBe("NOT_FOUND");
});

test("a repeat of a forward answers what the first one stored [L5]", async () => {
  const source = await newGroup(alice);
  const { id: conversationId } = await newGroup(alice, bob);
  const { id: messageId } = await write(source.id, "Once");
  const input = { messageId, conversationIds: [conversationId], clientMessageId: crypto.randomUUID() };
  const first = await api.callWithStatus("forwardMessage", input, alice.token);
  const second = await api.callWithStatus("forwardMessage", input, alice.token);
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(second.output).toEqual(first.output);
  const { items } = await api.call("listMessages", { conversationId }, bob.token);
  expect(items.filter(({ text }) => text === "Once")).toHaveLength(1);
});

test("what its sender does not see, may not write to, or what is deleted is not forwarded: to all targets or to none [L3] [L10] [L14]", async () => {
  const guest = await newAccount(api, "guest");
  const source = await newGroup(alice, bob);
  const old = await write(source.id, "Before the guest");
  await api.call("addMembers", { conversationId: source.id, userIds: [guest.user.id] }, alice.token);
  const seen = await write(source.id, "With the guest");
  const target = await newGroup(guest, bob);
  const foreign = await newGroup(bob, carol);
  const channel = {
    type: "channel" as const,
    title: "News",
    visibility: "public" as const,
    posting: "admins" as const,
  };
  const { id: readOnly } = (await api.call("createConversation", channel, alice.token)).conversation;
  await api.call("joinChannel", { conversationId: readOnly }, guest.token);
  const pair = { type: "direct" as const, memberIds: [guest.user.id] };
  const { id: direct } = (await api.call("createConversation", pair, dave.token)).conversation;
  await api.call("blockUser", { userId: guest.user.id }, dave.token);
  const gone = await write(source.id, "Gone");
  await api.call("deleteMessage", { messageId: gone.id }, alice.token);
  const [said] = (await api.call("listMessages", { conversationId: source.id, limit: 200 }, guest.token)).items;
  const heads = () =>
    Promise.all([headOf(target.id, guest), headOf(foreign.id, bob), headOf(readOnly, alice), headOf(direct, dave)]);
  const before = await heads();

  const forward = (messageId: string, ...more: string[]) =>
    code(guest, "forwardMessage", { messageId, conversationIds: [target.id, ...more] });
  expect(await forward(seen.id, foreign.id)).toBe("NOT_FOUND");
  expect(await forward(seen.id, crypto.randomUUID())).toBe("NOT_FOUND");
  expect(await forward(seen.id, readOnly)).toBe("FORBIDDEN");
  expect(await forward(seen.id, direct)).toBe("RECIPIENT_UNAVAILABLE");
  expect(await forward(old.id)).toBe("NOT_FOUND");
  expect(await forward(gone.id)).toBe("CONFLICT");
  expect(await forward(said?.id ?? "")).toBe("FORBIDDEN");
  const many = Array.from({ length: limits.forwardConversations + 1 }, () => crypto.randomUUID());
  expect(await forward(seen.id, ...many)).toBe("VALIDATION_FAILED");
  expect(await heads()).toEqual(before);
  expect(await forward(seen.id)).toBe(201);
  await api.call("removeMember", { conversationId: source.id, userId: guest.user.id }, alice.token);
  expect(await forward(seen.id)).toBe("NOT_FOUND");
});
