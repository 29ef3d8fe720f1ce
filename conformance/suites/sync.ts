import { expect, test } from "bun:test";
import { type Change, type Conversation, type InboxEntry, newConversationId, type UserId } from "@hubbub/contract";
import { type Account, newAccount } from "../src/account.ts";
import { failure } from "../src/failure.ts";
import { conversationPushes, type Push } from "../src/hub.ts";
import { applyChange, freshState, type State } from "../src/state.ts";
import { alice, api, bob, carol, connect, dave, draft, newGroup } from "../src/target.ts";

/** Everything that can happen to a conversation, one step after the other. */
async function* happenings(group: Conversation): AsyncGenerator<void> {
  const conversationId = group.id;
  const send = (sender: Account, text: string) => api.call("sendMessage", draft(conversationId, text), sender.token);
  const update = (change: object) => api.call("updateConversation", { conversationId, ...change }, alice.token);
  const edit = (messageId: string, { token }: Account, text: string) =>
    api.call("editMessage", { messageId, text }, token);
  const react = (name: "react" | "unreact", messageId: string, { token }: Account, emoji: string) =>
    api.call(name, { messageId, emoji }, token);
  const add = (userIds: UserId[]) => api.call("addMembers", { conversationId, userIds }, alice.token);
  const remove = (userId: UserId, by = alice) => api.call("removeMember", { conversationId, userId }, by.token);
  const one = await send(bob, "Zero");
  yield;
  const two = await send(alice, "Half");
  yield;
  for (const happen of [
    () => send(alice, "One"),
    () => update({ title: "Renamed É 👋" }),
    () => send(bob, "Two"),
    () => add([carol.user.id, dave.user.id]),
    () => send(carol, "Three"),
    () => update({ title: "Twice", topic: "Topic", posting: "admins" }),
    () => remove(carol.user.id),
    () => update({ topic: null, posting: "everyone" }),
    () => send(bob, "Four"),
    () => remove(dave.user.id, dave),
    () => add([carol.user.id]),
    () => send(carol, "Five"),
    // of the first two messages carol sees nothing
    () => edit(one.message.id, bob, "Zero, edited"),
    () => react("react", one.message.id, alice, "👍"),
    () => remove(carol.user.id),
    () => react("react", one.message.id, bob, "👍"),
    () => react("react", one.message.id, bob, "❤️"),
    () => edit(one.message.id, bob, "Zero, edited twice"),
    () => react("unreact", one.message.id, alice, "👍"),
    () => react("react", two.message.id, alice, "🎉"),
    () => react("unreact", two.message.id, alice, "🎉"),
    () => edit(two.message.id, alice, "Gone soon"),
    () => api.call("deleteMessage", { messageId: two.message.id }, alice.token),
    () => api.call("sendMessage", { ...draft(conversationId, "Reply"), replyToId: one.message.id }, alice.token),
  ]) {
    await happen();
    yield;
  }
}

/** The conversation's part of a sync from a known pts. */
async function syncFrom({ token }: Account, epoch: string, conversationId: string, pts: number) {
  const answer = await api.call("sync", { epoch, conversations: { [conversationId]: pts } }, token);
  expect(answer.epoch).toBe(epoch);
  expect(answer.reset).toBeUndefined();
  const [synced] = answer.conversations;
  if (synced === undefined || answer.conversations.length !== 1) throw new Error(JSON.stringify(answer));
  return synced;
}

/** How a pushed change is read later: messages as they are then, reactions to a deleted one not at all [L2] [L11]. */
function asRead({ event, payload }: Push, read: Change | undefined, { messages }: State): unknown {
  const { pts, seq } = Object(payload);
  // told without what is in it
  if (event === "ConversationChanged") return { ...read, pts };
  const message = messages.get(seq);
  if (event.startsWith("Reaction") && message?.deletedAt !== undefined) return { pts, event: "Hidden" };
  const isMessage = event === "ReceiveMessage" || event.startsWith("Message");
  return { ...read, pts, event, payload: isMessage ? message : payload };
}

test("sync from every earlier pts gives exactly the missing changes, as they were pushed: state + changes = fresh state [L2] [L17] [L18]", async () => {
  await using b = await connect(bob);
  const group = await newGroup(alice, bob);
  const { epoch } = await api.call("sync", {}, bob.token);
  const states: State[] = [await freshState(api, bob, group.id)];
  for await (const _ of happenings(group)) states.push(await freshState(api, bob, group.id));
  const fresh = await freshState(api, bob, group.id);
  // of twelve of them the system says something
  expect(fresh.pts).toBe(group.pts + 27 + 12);

  const known = new Map(states.map((state) => [state.pts, state]));
  for (let pts = 0; pts <= fresh.pts; pts++) {
    const synced = await syncFrom(bob, epoch, group.id, pts);
    const { changes = [] } = synced;
    expect(synced).toMatchObject({ pts: fresh.pts, seq: fresh.seq });
    expect(changes.map((change) => change.pts)).toEqual(Array.from({ length: fresh.pts - pts }, (_, n) => pts + 1 + n));
    const state = known.get(pts);
    if (state !== undefined) expect(changes.reduce(applyChange, state)).toEqual(fresh);
  }

  const { changes = [] } = await syncFrom(bob, epoch, group.id, group.pts);
  const pushed = conversationPushes(b, group.id).filter(({ payload }) => Object(payload).pts > group.pts);
  expect(pushed.map((push, index) => asRead(push, changes[index], fresh))).toEqual(changes);
  const pages: Change[] = [];
  for (let cursor: string | null = `${group.pts}`; cursor !== null; ) {
    const query = { conversationId: group.id, afterPts: Number(cursor), limit: 3 };
    const page: { items: Change[]; nextCursor: string | null } = await api.call("listChanges", query, bob.token);
    pages.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(pages).toEqual(changes);
});

test("the hub's Sync answers as REST does", async () => {
  const sara = await newAccount(api, "sara");
  await using hub = await connect(sara);
  const { epoch, userPts } = await api.call("sync", {}, sara.token);
  const { id } = await newGroup(sara);
  await hub.send(draft(id, "x"));
  // From then on her inbox is still.
  await hub.hears("NewConversationCreated");
  for (const request of [{ epoch, userPts, conversations: { [id]: 0 } }, {}, { epoch: "another" }]) {
    expect(await hub.sync(request)).toEqual(await api.call("sync", request, sara.token));
  }
});

test("without an epoch sync answers heads only; with a wrong one everything is to be read afresh [L17] [L21]", async () => {
  const { id, pts, seq } = await newGroup(alice, bob);
  const { message } = await api.call("sendMessage", draft(id, "x"), alice.token);
  const first = await api.call("sync", { conversations: { [id]: 0 } }, alice.token);
  expect(first.user).toEqual([]);
  expect(first.reset).toBeUndefined();
  expect(first.conversations).toEqual([{ id, pts: pts + 1, seq: seq + 1, receiptsVersion: expect.any(Number) }]);
  expect(message.pts).toBe(pts + 1);

  const other = await api.call("sync", { epoch: `${first.epoch}x`, conversations: { [id]: 0 } }, alice.token);
  expect(other).toMatchObject({ epoch: first.epoch, reset: "epoch" });
  expect(other.conversations.flatMap((conversation) => conversation.changes ?? [])).toEqual([]);
});

test("one call syncs at most 500 conversations", async () => {
  await using a = await connect(alice);
  const { epoch } = await api.call("sync", {}, alice.token);
  const conversations = Object.fromEntries(Array.from({ length: 500 }, () => [newConversationId(), 0]));
  expect((await api.call("sync", { epoch, conversations }, alice.token)).conversations).toEqual([]);
  const tooMany = { epoch, conversations: { ...conversations, [newConversationId()]: 0 } };
  expect(await api.refused("sync", tooMany, alice.token)).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
  expect(await failure(a.sync(tooMany))).toStartWith("VALIDATION_FAILED: ");
});

test("more than 200 changes come in pieces [L17]", async () => {
  const senders = [alice, bob, carol];
  const group = await newGroup(alice, bob, carol);
  const texts = Array.from({ length: 80 }, (_, n) => `${n}`);
  for (const sender of senders) {
    await using hub = await connect(sender);
    await Promise.all(texts.map((text) => hub.send(draft(group.id, text))));
  }
  const { epoch } = await api.call("sync", {}, bob.token);
  const first = await syncFrom(bob, epoch, group.id, group.pts);
  expect(first.more).toBe(true);
  const changes = [...(first.changes ?? [])];
  expect(changes).toHaveLength(200);
  const rest = await syncFrom(bob, epoch, group.id, changes.at(-1)?.pts ?? 0);
  expect(rest.more).toBeUndefined();
  changes.push(...(rest.changes ?? []));
  expect(changes.map((change) => change.pts)).toEqual(Array.from({ length: 240 }, (_, n) => group.pts + 1 + n));
});

test("whoever was removed and comes back reads the conversation afresh [L13]", async () => {
  const { id, pts } = await newGroup(alice, bob);
  const conversationId = id;
  const { epoch } = await api.call("sync", {}, bob.token);
  await api.call("removeMember", { conversationId, userId: bob.user.id }, alice.token);
  await api.call("sendMessage", draft(id, "Without him"), alice.token);
  await api.call("addMembers", { conversationId, userIds: [bob.user.id] }, alice.token);
  const synced = await syncFrom(bob, epoch, id, pts);
  expect(synced.reset).toBe("rejoined");
  expect(synced.changes ?? []).toEqual([]);
});

test("what was said before someone joined is hidden from them in the log [L10]", async () => {
  const { id: conversationId, pts } = await newGroup(alice, bob);
  await api.call("sendMessage", draft(conversationId, "Before"), alice.token);
  await api.call("addMembers", { conversationId, userIds: [carol.user.id] }, alice.token);
  await api.call("sendMessage", draft(conversationId, "After"), alice.token);
  const { items } = await api.call("listChanges", { conversationId, afterPts: pts }, carol.token);
  expect(items.map((change) => change.event)).toEqual(["Hidden", "MemberAdded", "ReceiveMessage", "ReceiveMessage"]);
  expect(JSON.stringify(items)).not.toContain("Before");
});

test("the inbox tells of conversations begun, joined and left, as they were pushed [L16]", async () => {
  const ruth = await newAccount(api, "ruth");
  await using hub = await connect(ruth);
  const { epoch, userPts } = await api.call("sync", {}, ruth.token);
  const inbox = async (since: number) => {
    const answer = await api.call("sync", { epoch, userPts: since }, ruth.token);
    expect(answer.userPts).toBe(answer.user.at(-1)?.userPts ?? since);
    return answer.user.map((entry) => [entry.userPts, entry.event, conversationOf(entry)]);
  };
  const begun = await newGroup(alice, ruth);
  await hub.hears("NewConversationCreated");
  const joined = await newGroup(alice, bob);
  const userId = ruth.user.id;
  await api.call("addMembers", { conversationId: joined.id, userIds: [userId] }, alice.token);
  await hub.hears("AddedToConversation");
  const first = [userPts + 1, "NewConversationCreated", begun.id];
  const second = [userPts + 2, "AddedToConversation", joined.id];
  expect(await inbox(userPts)).toEqual([first, second]);
  expect(await inbox(userPts + 1)).toEqual([second]);

  await api.call("removeMember", { conversationId: begun.id, userId }, alice.token);
  await hub.hears("RemovedFromConversation");
  const third = [userPts + 3, "RemovedFromConversation", begun.id];
  expect(await inbox(userPts + 2)).toEqual([third]);
  expect(await inbox(userPts)).toEqual([[userPts + 1, "Hidden", undefined], second, third]);
  expect(await inbox(userPts + 3)).toEqual([]);
  const pushed = hub.pushes.map(({ event, payload }) => [Object(payload).userPts, event]);
  expect(pushed.filter(([pts]) => pts !== undefined)).toEqual(
    [first, second, third].map(([pts, event]) => [pts, event]),
  );
});

const conversationOf = (entry: InboxEntry): string | undefined => {
  if (entry.event === "Hidden" || entry.event === "Unknown") return undefined;
  if ("invitation" in entry.payload) return entry.payload.invitation.conversationId;
  if ("conversation" in entry.payload) return entry.payload.conversation?.id;
  return "conversationId" in entry.payload ? entry.payload.conversationId : undefined;
};
