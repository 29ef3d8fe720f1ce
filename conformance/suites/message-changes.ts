import { describe, expect, test } from "bun:test";
import { type Conversation, limits, type Message, type MessageId, newMessageId } from "@hubbub/contract";
import type { Account } from "../src/account.ts";
import { failure } from "../src/failure.ts";
import type { HubClient } from "../src/hub.ts";
import { alice, api, bob, carol, connect, dave, draft, newChannel, newGroup } from "../src/target.ts";

async function write(sender: Account, conversationId: string, text: string, replyToId?: string): Promise<Message> {
  const input = { ...draft(conversationId, text), ...(replyToId !== undefined && { replyToId }) };
  return (await api.call("sendMessage", input, sender.token)).message;
}

const begin = async (type: Conversation["type"], ...members: readonly Account[]): Promise<string> => {
  const memberIds = members.map(({ user }) => user.id);
  const title = type === "direct" ? {} : { title: "Changes" };
  return (await api.call("createConversation", { type, memberIds, ...title }, alice.token)).conversation.id;
};

const changes = {
  editMessage: (messageId: string) => ({ messageId, text: "Edited" }),
  deleteMessage: (messageId: string) => ({ messageId }),
  react: (messageId: string) => ({ messageId, emoji: "👍" }),
  unreact: (messageId: string) => ({ messageId, emoji: "👍" }),
} as const;
type Change = keyof typeof changes;
const changeNames = ["editMessage", "deleteMessage", "react", "unreact"] as const satisfies readonly Change[];

/** By REST and by hub, each on a message of its own: "ok" or the code of the refusal, which must be the same. */
async function outcome(actor: Account, hub: HubClient, name: Change, fresh: () => Promise<string>): Promise<string> {
  const byRest = await api.send(name, changes[name](await fresh()), { token: actor.token });
  const restCode = byRest.status === 200 ? "ok" : JSON.parse(byRest.text).code;
  const byHub = await hub.call(name, changes[name](await fresh())).then(
    () => "ok",
    (error: Error) => error.message.split(":")[0] ?? "",
  );
  expect({ name, byHub }).toEqual({ name, byHub: restCode });
  return restCode;
}

describe.each(["direct", "group", "channel"] as const)("in a %s conversation", (type) => {
  test("who may edit, delete and react: the sender, another, an owner, a stranger, by REST and hub alike", async () => {
    const conversationId = await begin(type, bob);
    if (type !== "direct") await api.call("addMembers", { conversationId, userIds: [carol.user.id] }, alice.token);
    await using owner = await connect(alice);
    await using sender = await connect(bob);
    await using other = await connect(carol);
    await using stranger = await connect(dave);
    const fresh = async () => (await write(bob, conversationId, "Of Bob")).id;
    const cells: Record<string, string[]> = {};
    for (const [role, actor, hub] of [
      ["sender", bob, sender],
      ["owner", alice, owner],
      ["other", carol, other],
      ["stranger", dave, stranger],
    ] as const) {
      cells[role] = [];
      for (const name of changeNames) cells[role]?.push(await outcome(actor, hub, name, fresh));
    }
    const nothing = ["NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"];
    expect(cells).toEqual({
      sender: ["ok", "ok", "ok", "ok"],
      owner: ["FORBIDDEN", type === "direct" ? "FORBIDDEN" : "ok", "ok", "ok"],
      other: type === "direct" ? nothing : ["FORBIDDEN", "FORBIDDEN", "ok", "ok"],
      stranger: nothing,
    });
  });
});

test("whoever has left changes nothing, not even their own [L13]", async () => {
  await using hub = await connect(bob);
  const { id: conversationId } = await newGroup(alice, bob);
  const own = await write(bob, conversationId, "Mine");
  await api.call("removeMember", { conversationId, userId: bob.user.id }, alice.token);
  for (const name of changeNames)
    expect(await outcome(bob, hub, name, () => Promise.resolve(own.id))).toBe("NOT_FOUND");
});

test("a reply names the message that it answers, to everyone alike", async () => {
  await using b = await connect(bob);
  const { id } = await newChannel(alice, bob);
  const first = await write(alice, id, "Question");
  const reply = await write(bob, id, "Answer", first.id);
  expect(reply.replyTo).toEqual({ id: first.id, seq: first.seq, senderId: alice.user.id });
  expect(await b.hears("ReceiveMessage", (message) => message.id === reply.id)).toEqual(reply);
  const byHub = await b.send({ ...draft(id, "By hub"), replyToId: first.id });
  const { message } = await api.call("getMessage", { messageId: byHub.messageId }, alice.token);
  expect(message.replyTo).toEqual(reply.replyTo);
  const { items } = await api.call("listMessages", { conversationId: id }, alice.token);
  expect(items).toEqual([first, reply, message]);
});

test("a reply to what its sender does not see here is refused, whatever the reason", async () => {
  await using c = await connect(carol);
  const { id } = await newGroup(alice, bob);
  const before = await write(alice, id, "Before Carol");
  await api.call("addMembers", { conversationId: id, userIds: [carol.user.id] }, alice.token);
  const elsewhere = await write(carol, (await newGroup(carol)).id, "Elsewhere");
  const problems = new Set<string>();
  const { seq } = (await api.call("getConversation", { conversationId: id }, carol.token)).conversation;
  for (const replyToId of [before.id, elsewhere.id, newMessageId(before.conversationId)]) {
    const { traceId: _, ...problem } = await api.refused("sendMessage", { ...draft(id, "x"), replyToId }, carol.token);
    expect(problem).toMatchObject({ status: 400, code: "VALIDATION_FAILED", errors: [{ path: "replyToId" }] });
    problems.add(JSON.stringify(problem));
    expect(await failure(c.send({ ...draft(id, "x"), replyToId }))).toStartWith("VALIDATION_FAILED: ");
  }
  expect(problems.size).toBe(1);
  const { conversation } = await api.call("getConversation", { conversationId: id }, carol.token);
  expect(conversation.seq).toBe(seq);
});

test("an edit is pushed as the whole message, keeps what was before, and twice the same is one", async () => {
  await using a = await connect(alice);
  await using b = await connect(bob);
  const { id } = await newGroup(alice, bob);
  const sent = await write(bob, id, "One");
  const { message: second } = await api.call("editMessage", { messageId: sent.id, text: "Two" }, bob.token);
  expect(second).toEqual({ ...sent, text: "Two", pts: sent.pts + 1, editedAt: expect.any(String) });
  expect(await a.hears("MessageEdited")).toEqual(second);
  expect((await api.call("editMessage", { messageId: sent.id, text: "Two" }, bob.token)).message).toEqual(second);
  const receipt = await b.call("editMessage", { messageId: sent.id, text: "Three" });
  expect(receipt).toEqual({ messageId: sent.id, seq: sent.seq, pts: sent.pts + 2 });
  const third = await a.hears("MessageEdited", ({ pts }) => pts === receipt.pts);
  expect((await api.call("getMessage", { messageId: sent.id }, alice.token)).message).toEqual(third);

  const edits = await api.call("listMessageEdits", { messageId: sent.id }, alice.token);
  const expected = [
    { text: "One", createdAt: sent.createdAt },
    { text: "Two", createdAt: second.editedAt ?? "" },
  ];
  expect(edits).toEqual({ items: expected, nextCursor: null });
  const page = await api.call("listMessageEdits", { messageId: sent.id, limit: 1 }, alice.token);
  expect(page.items).toEqual(expected.slice(0, 1));
  const rest = { messageId: sent.id, limit: 1, ...(page.nextCursor !== null && { cursor: page.nextCursor }) };
  expect(await api.call("listMessageEdits", rest, alice.token)).toEqual({
    items: expected.slice(1),
    nextCursor: null,
  });
  for (const text of ["", " \n", "é".repeat(limits.messageText), "a\0b"])
    expect((await api.refused("editMessage", { messageId: sent.id, text }, bob.token)).code).toBe("VALIDATION_FAILED");
});

test("the id that a send answers is the one to read, edit and delete by", async () => {
  await using b = await connect(bob);
  const { id } = await newGroup(alice, bob);
  const { messageId } = await b.send(draft(id, "By hub"));
  expect((await api.call("getMessage", { messageId }, alice.token)).message.text).toBe("By hub");
  await api.call("editMessage", { messageId, text: "By REST" }, bob.token);
  expect((await api.call("getMessage", { messageId }, alice.token)).message.text).toBe("By REST");
  await b.call("deleteMessage", { messageId });
  expect((await api.call("getMessage", { messageId }, alice.token)).message.deletedAt).toBeString();
});

test("deletion leaves a tombstone, counts no more, and nothing can be done to it [L11] [L23]", async () => {
  await using a = await connect(alice);
  await using b = await connect(bob);
  const { id } = await newGroup(alice, bob);
  const kept = await write(bob, id, "Kept");
  const sent = await write(bob, id, "Regretted", kept.id);
  const messageId: MessageId = sent.id;
  await api.call("editMessage", { messageId, text: "Regretted more" }, bob.token);
  await api.call("react", { messageId, emoji: "👍" }, alice.token);
  const unread = async () =>
    (await api.call("getConversation", { conversationId: id }, alice.token)).conversation.me.unread;
  expect(await unread()).toBe(2);
  const { message: tombstone } = await api.call("deleteMessage", { messageId }, bob.token);
  const { text: _, replyTo: __, ...left } = sent;
  expect(tombstone).toEqual({ ...left, pts: sent.pts + 3, deletedAt: expect.any(String) });
  expect(await a.hears("MessageDeleted")).toEqual(tombstone);
  expect(await unread()).toBe(1);
  expect((await api.call("getMessage", { messageId }, alice.token)).message).toEqual(tombstone);
  expect((await api.call("listMessageEdits", { messageId }, alice.token)).items).toEqual([]);
  for (const name of ["editMessage", "react", "unreact"] as const)
    expect(await outcome(bob, b, name, () => Promise.resolve(messageId))).toBe("CONFLICT");
  expect((await api.call("deleteMessage", { messageId }, alice.token)).message).toEqual(tombstone);
  const repeated = { ...draft(id, "Regretted"), clientMessageId: sent.clientMessageId ?? "" };
  expect((await api.callWithStatus("sendMessage", repeated, bob.token)).output.message).toEqual(tombstone);
  // who answers what was deleted meanwhile is not punished for it
  expect((await write(alice, id, "What?", messageId)).replyTo?.id).toBe(messageId);
});

test("reactions are counted by emoji, once a person, and pushed with what they come to", async () => {
  await using a = await connect(alice);
  await using b = await connect(bob);
  const { id } = await newGroup(alice, bob);
  const { id: messageId, seq, pts } = await write(alice, id, "Lunch?");
  const react = (name: "react" | "unreact", emoji: string, { token }: Account) =>
    api.call(name, { messageId, emoji }, token).then(({ message }) => message);
  const [aliceId, bobId] = [alice.user.id, bob.user.id];
  await react("react", "❤", alice);
  expect(await b.call("react", { messageId, emoji: "❤️" })).toEqual({ messageId, seq, pts: pts + 2 });
  await react("react", "❤️", bob);
  const all = await react("react", "👨‍👩‍👧‍👦", alice);
  expect(all.reactions).toEqual([
    { emoji: "❤️", count: 2, userIds: [aliceId, bobId] },
    { emoji: "👨‍👩‍👧‍👦", count: 1, userIds: [aliceId] },
  ]);
  expect(all.pts).toBe(pts + 3);
  await react("unreact", "❤️", alice);
  expect((await react("unreact", "❤️", alice)).reactions?.[0]).toEqual({ emoji: "❤️", count: 1, userIds: [bobId] });
  const last = await react("unreact", "👨‍👩‍👧‍👦", alice);
  expect(last.reactions).toEqual([{ emoji: "❤️", count: 1, userIds: [bobId] }]);
  const removed = { conversationId: last.conversationId, messageId, seq, userId: aliceId, pts: pts + 5 };
  expect(await a.hears("ReactionRemoved", (change) => change.pts === pts + 5)).toEqual({
    ...removed,
    emoji: "👨‍👩‍👧‍👦",
    count: 0,
    userIds: [],
  });
  expect(a.heard("ReactionAdded").map((change) => [change.pts, change.userId, change.emoji, change.count])).toEqual([
    [pts + 1, aliceId, "❤️", 1],
    [pts + 2, bobId, "❤️", 2],
    [pts + 3, aliceId, "👨‍👩‍👧‍👦", 1],
  ]);
  for (const emoji of ["x", "👍👍", "1", "%F0", "../edits"])
    expect((await api.refused("react", { messageId, emoji }, alice.token)).code).toBe("VALIDATION_FAILED");
});

test("who reacted is listed page by page: of all emoji, of one, or of one person", async () => {
  const { id } = await newGroup(alice, bob, carol, dave);
  const { id: messageId } = await write(alice, id, "Lunch?");
  const list = async (input: object) =>
    (await api.call("listReactions", { messageId, ...input }, alice.token)).items.map(({ userId, emoji }) => [
      [alice, bob, carol, dave].find(({ user }) => user.id === userId)?.user.username,
      emoji,
    ]);
  expect(await list({})).toEqual([]);
  const names = [dave, alice, carol, bob].map(({ user }) => user.username);
  for (const { token } of [dave, alice, carol, bob]) await api.call("react", { messageId, emoji: "👍" }, token);
  for (const { token } of [bob, alice]) await api.call("react", { messageId, emoji: "❤️" }, token);
  const thumbs = names.map((name) => [name, "👍"]);
  const hearts = [bob, alice].map(({ user }) => [user.username, "❤️"]);
  expect(await list({ emoji: "👍" })).toEqual(thumbs);
  expect(await list({ emoji: "❤" })).toEqual(hearts);
  expect(await list({ userId: alice.user.id })).toHaveLength(2);
  expect(await list({ userId: alice.user.id, emoji: "👍" })).toEqual([[alice.user.username, "👍"]]);
  expect(await list({ userId: dave.user.id, emoji: "❤️" })).toEqual([]);

  const read: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.call(
      "listReactions",
      { messageId, limit: 1, ...(cursor !== undefined && { cursor }) },
      bob.token,
    );
    expect(page.items).toHaveLength(1);
    read.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(read).toEqual((await api.call("listReactions", { messageId }, bob.token)).items);
  expect(read).toHaveLength(6);

  await api.call("unreact", { messageId, emoji: "👍" }, dave.token);
  expect(await list({ emoji: "👍" })).toEqual(thumbs.slice(1));
  for (const wrong of [{ cursor: "x" }, { emoji: "x" }])
    expect((await api.refused("listReactions", { messageId, ...wrong }, bob.token)).code).toBe("VALIDATION_FAILED");
  await api.call("deleteMessage", { messageId }, alice.token);
  expect(await list({})).toEqual([]);
});

test("a message takes 50 different reactions and no more", async () => {
  const { id } = await newGroup(alice, bob);
  const { id: messageId } = await write(alice, id, "Anything");
  const flags =
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCU";
  const emoji = (flags.match(/../g) ?? []).map((code) =>
    String.fromCodePoint(...[...code].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65)),
  );
  for (const each of emoji.slice(0, limits.reactions)) await api.call("react", { messageId, emoji: each }, alice.token);
  const more = emoji[limits.reactions] ?? "";
  expect(await api.refused("react", { messageId, emoji: more }, bob.token)).toMatchObject({
    status: 400,
    code: "VALIDATION_FAILED",
  });
  const [first = ""] = emoji;
  const { message } = await api.call("react", { messageId, emoji: first }, bob.token);
  expect(message.reactions).toHaveLength(limits.reactions);
  expect(message.reactions?.[0]).toEqual({ emoji: first, count: 2, userIds: [alice.user.id, bob.user.id] });
});

test("who joined later learns of a change to an earlier message nothing but that there was one [L10]", async () => {
  await using b = await connect(bob);
  await using c = await connect(carol);
  const { id: conversationId } = await newGroup(alice, bob);
  const early = await write(alice, conversationId, "Secret");
  const messageId: MessageId = early.id;
  const late = await write(alice, conversationId, "Early reply", messageId);
  await api.call("addMembers", { conversationId, userIds: [carol.user.id] }, alice.token);
  const seen = await write(alice, conversationId, "For all", late.id);
  await api.call("editMessage", { messageId, text: "Secret still" }, alice.token);
  await api.call("react", { messageId, emoji: "👍" }, bob.token);
  await api.call("react", { messageId: seen.id, emoji: "👍" }, carol.token);
  await api.call("deleteMessage", { messageId }, alice.token);
  for (const hub of [b, c]) {
    await hub.hears("ConversationChanged", ({ pts }) => pts === seen.pts + 4);
    expect(hub.heard("ConversationChanged").map(({ pts }) => pts - seen.pts)).toEqual([1, 2, 4]);
    expect(hub.heard("ReactionAdded").map(({ pts }) => pts - seen.pts)).toEqual([3]);
  }
  for (const name of ["getMessage", "listMessageEdits", "listReactions"] as const)
    expect((await api.refused(name, { messageId }, carol.token)).code).toBe("NOT_FOUND");
  for (const name of changeNames)
    expect(await outcome(carol, c, name, () => Promise.resolve(messageId))).toBe("NOT_FOUND");
  const read = async ({ token }: Account) =>
    (await api.call("listChanges", { conversationId, afterPts: seen.pts }, token)).items.map(({ event }) => event);
  expect(await read(carol)).toEqual(["Hidden", "Hidden", "ReactionAdded", "Hidden"]);
  expect(await read(bob)).toEqual(["MessageEdited", "Hidden", "ReactionAdded", "MessageDeleted"]);
  expect(JSON.stringify(c.pushes)).not.toContain("Secret");
});
