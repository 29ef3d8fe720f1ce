import { expect, test } from "bun:test";
import { conversationPushes } from "../src/hub.ts";
import { expectMediaUnseen, upload } from "../src/media.ts";
import { messageOperations, sampleRequests } from "../src/samples.ts";
import { alice, api, bob, carol, connect, draft, newGroup } from "../src/target.ts";
import { expectMessageUnseen } from "../src/unseen.ts";

test("[L10] who comes into a group sees nothing older by any route, search, quote, permalink, pin, thread, forward, receipts, file or pushed change", async () => {
  const needle = `needle${crypto.randomUUID().replaceAll("-", "")}`;
  const { id: conversationId } = await newGroup(alice, bob);
  const write = async (text: string, more: object = {}, who = alice) =>
    (await api.call("sendMessage", { ...draft(conversationId, text), ...more }, who.token)).message;
  const old = await write(`${needle} one`, { mentions: ["everyone"] });
  const media = await upload(alice, { conversationId }, { fileName: `${needle}.gif` });
  const pictured = await write(needle, { mediaIds: [media.id] });
  const reply = await write(`${needle} in its thread`, { threadRootId: old.id }, bob);
  const reacted = await write(`${needle} two`);
  await api.call("editMessage", { messageId: old.id, text: `${needle} edited` }, alice.token);
  await api.call("pinMessage", { messageId: old.id }, alice.token);

  await using hub = await connect(carol);
  await api.call("addMembers", { conversationId, userIds: [carol.user.id] }, alice.token);
  await hub.hears("AddedToConversation", ({ conversation }) => conversation.id === conversationId);
  const quoting = await write("A quote", { replyToId: old.id }, bob);
  const later = await write("In an old thread", { threadRootId: old.id }, bob);
  await api.call("editMessage", { messageId: old.id, text: `${needle} edited again` }, alice.token);
  await api.call("react", { messageId: reacted.id, emoji: "👍" }, bob.token);
  await api.call("pinMessage", { messageId: reacted.id }, alice.token);
  await api.call("unpinMessage", { messageId: reacted.id }, alice.token);
  await api.call("deleteMessage", { messageId: reply.id }, bob.token);
  const last = await write("Last");
  await hub.hears("ReceiveMessage", ({ id }) => id === last.id);

  await expectMediaUnseen(carol, media);
  for (const { id } of [old, pictured, reply, reacted]) await expectMessageUnseen(carol, hub, id);
  const ids = [old.id, pictured.id, reply.id, reacted.id];
  const { epoch } = await api.call("sync", {}, carol.token);
  const conversations = { [conversationId]: 0 };
  const seen: unknown[] = [
    await api.call("getConversation", { conversationId }, carol.token),
    await api.call("listConversations", { limit: 200 }, carol.token),
    await api.call("listChanges", { conversationId, limit: 200 }, carol.token),
    await api.call("sync", { epoch, conversations }, carol.token),
    await hub.sync({ epoch, conversations }),
    await api.call("searchMessages", { q: needle }, carol.token),
    await hub.stream("history", { conversationId, beforeSeq: null, limit: 200 }),
    await hub.stream("history", { conversationId, beforeSeq: quoting.seq, limit: 200 }),
    hub.pushes,
  ];
  const places = [
    {},
    { threads: "include" },
    { afterSeq: 0 },
    { aroundSeq: old.seq },
    { beforeSeq: quoting.seq },
  ] as const;
  const seqs = new Set<number>();
  for (const place of places) {
    const page = await api.call("listMessages", { conversationId, limit: 200, ...place }, carol.token);
    for (const { seq } of page.items) seqs.add(seq);
    seen.push(page);
  }
  expect(JSON.stringify(seen)).not.toContain(needle);
  expect((await api.call("searchMessages", { q: needle }, carol.token)).items).toEqual([]);
  expect((await api.call("listPins", { conversationId }, carol.token)).items).toEqual([]);
  const { conversation } = await api.call("getConversation", { conversationId }, carol.token);
  expect(conversation.me.unreadMentions).toBe(0);
  expect(Math.min(...seqs)).toBe(conversation.me.visibleFromSeq);
  const { items: changes } = await api.call("listChanges", { conversationId, limit: 200 }, carol.token);
  for (const change of changes)
    if ("payload" in change && "seq" in change.payload) expect(seqs).toContain(change.payload.seq);
  // of what was changed only that something was, and of a quote only what its writer names
  const told = conversationPushes(hub, conversationId).filter(({ payload }) => ids.includes(Object(payload).id));
  expect(told).toEqual([]);
  const quote = (await api.call("getMessage", { messageId: quoting.id }, carol.token)).message;
  expect(quote.replyTo).toEqual({ id: old.id, seq: old.seq, senderId: alice.user.id });
  expect(await api.refused("listMessages", { conversationId, threadRootId: old.id }, carol.token)).toMatchObject({
    code: "NOT_FOUND",
  });
  for (const target of ["replyToId", "threadRootId"] as const) {
    const problem = await api.refused("sendMessage", { ...draft(conversationId, "x"), [target]: old.id }, carol.token);
    expect(problem.code).toBe("VALIDATION_FAILED");
  }
  expect((await api.call("getMessage", { messageId: later.id }, carol.token)).message.threadRootId).toBe(old.id);
  // nothing of it was left out by chance
  expect(messageOperations.length).toBeGreaterThan(8);
  expect(Object.keys(sampleRequests(conversationId, carol.user.id, old.id))).toContain("forwardMessage");
});
