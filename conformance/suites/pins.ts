import { expect, test } from "bun:test";
import { limits, type OperationName, type OperationRequest } from "@hubbub/contract";
import type { Account } from "../src/account.ts";
import { problemOf } from "../src/api.ts";
import { applyChange, freshState } from "../src/state.ts";
import { alice, api, bob, carol, connect, draft, newGroup } from "../src/target.ts";

const write = async (conversationId: string, text: string, who = alice) =>
  (await api.call("sendMessage", draft(conversationId, text), who.token)).message;

const code = async <Name extends OperationName>(who: Account, name: Name, input: OperationRequest<Name> & object) => {
  const answer = await api.send(name, input, { token: who.token });
  return answer.status < 400 ? answer.status : problemOf(answer).code;
};

const pinsOf = async (conversationId: string, who = bob) =>
  (await api.call("listPins", { conversationId }, who.token)).items.map(({ id }) => id);

test("a pin is told to all, said in a group's history, listed latest first, and goes with its message [L2] [L11] [L18]", async () => {
  await using hub = await connect(bob);
  const { id: conversationId } = await newGroup(alice, bob);
  const first = await write(conversationId, "First");
  const second = await write(conversationId, "Second", bob);
  const before = await freshState(api, bob, conversationId);
  const { message } = await api.call("pinMessage", { messageId: first.id }, alice.token);
  expect(message).toEqual({ ...first, pts: before.pts + 1, pinnedAt: expect.any(String) });
  const of = (payload: { conversationId: string }) => payload.conversationId === conversationId;
  expect(await hub.hears("MessagePinned", of)).toEqual(message);
  const said = await hub.hears("ReceiveMessage", (payload) => payload.pts === before.pts + 2);
  expect(said).toMatchObject({ system: { type: "messagePinned", messageId: first.id, seq: first.seq } });
  expect((await api.call("pinMessage", { messageId: first.id }, alice.token)).message).toEqual(message);
  await api.call("pinMessage", { messageId: second.id }, alice.token);
  expect(await pinsOf(conversationId)).toEqual([second.id, first.id]);

  const { message: unpinned } = await api.call("unpinMessage", { messageId: first.id }, alice.token);
  expect(unpinned).toEqual({ ...first, pts: unpinned.pts });
  expect(await hub.hears("MessageUnpinned", of)).toEqual(unpinned);
  expect(await pinsOf(conversationId)).toEqual([second.id]);
  const { message: deleted } = await api.call("deleteMessage", { messageId: second.id }, bob.token);
  expect(deleted.pinnedAt).toBeUndefined();
  expect(await pinsOf(conversationId)).toEqual([]);
  expect(await code(alice, "pinMessage", { messageId: second.id })).toBe("CONFLICT");
  expect(await code(alice, "pinMessage", { messageId: said.id })).toBe("FORBIDDEN");

  const { items } = await api.call("listChanges", { conversationId, afterPts: before.pts }, bob.token);
  expect(items.reduce(applyChange, before)).toEqual(await freshState(api, bob, conversationId));
});

test("[L10] whoever does not see a message sees neither its pin nor the change", async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  const message = await write(conversationId, "Before Carol");
  await using hub = await connect(carol);
  await api.call("addMembers", { conversationId, userIds: [carol.user.id] }, alice.token);
  const { message: pinned } = await api.call("pinMessage", { messageId: message.id }, alice.token);
  await hub.hears("ConversationChanged", ({ pts }) => pts === pinned.pts);
  expect(hub.heard("MessagePinned")).toEqual([]);
  expect(await pinsOf(conversationId, carol)).toEqual([]);
  expect(await pinsOf(conversationId, bob)).toEqual([message.id]);
  const { items } = await api.call("listChanges", { conversationId, afterPts: pinned.pts - 1 }, carol.token);
  expect(items[0]).toEqual({ pts: pinned.pts, event: "Hidden" });
  expect(await code(carol, "pinMessage", { messageId: message.id })).toBe("NOT_FOUND");
});

test("either person of a direct conversation pins, nothing is said of it, and a block ends it [L14]", async () => {
  const input = { type: "direct" as const, memberIds: [carol.user.id] };
  const { id: conversationId } = (await api.call("createConversation", input, bob.token)).conversation;
  const { id: messageId } = await write(conversationId, "Ours", bob);
  const { message } = await api.call("pinMessage", { messageId }, carol.token);
  const { conversation } = await api.call("getConversation", { conversationId }, bob.token);
  expect([conversation.pts, conversation.seq]).toEqual([message.pts, message.seq]);
  await api.call("blockUser", { userId: carol.user.id }, bob.token);
  expect(await code(carol, "unpinMessage", { messageId })).toBe("RECIPIENT_UNAVAILABLE");
  await api.call("unblockUser", { userId: carol.user.id }, bob.token);
  expect(await code(bob, "unpinMessage", { messageId })).toBe(200);
});

test(`a conversation has at most ${limits.pins} pins, also where many are made at once [L3]`, async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  await using hub = await connect(alice);
  const sent = await Promise.all(
    Array.from({ length: limits.pins + 5 }, (_, n) => hub.send(draft(conversationId, `${n}`))),
  );
  const outcomes = await Promise.all(sent.map(({ messageId }) => code(alice, "pinMessage", { messageId })));
  expect(outcomes.filter((outcome) => outcome === 200)).toHaveLength(limits.pins);
  expect(outcomes.filter((outcome) => outcome === "QUOTA_EXCEEDED")).toHaveLength(5);
  expect(await pinsOf(conversationId)).toHaveLength(limits.pins);
});
