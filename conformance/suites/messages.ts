import { expect, test } from "bun:test";
import type { Conversation } from "@hubbub/contract";
import { outputOf } from "../src/api.ts";
import { handshake, RawSocket, sendInvocation } from "../src/raw-socket.ts";
import { alice, api, bob, carol, connect, draft, newChannel, newGroup, url } from "../src/target.ts";

test("two official clients chat through a group, and nobody else hears them", async () => {
  await using a = await connect(alice);
  await using b = await connect(bob);
  await using c = await connect(carol);
  const { id, seq, pts } = await newGroup(alice, bob);

  const written = draft(id, 'É 👋 "quoted" <b>\n\ttext ');
  const { messageId, ...receipt } = await a.send(written);
  expect(receipt).toEqual({ seq: seq + 1, pts: pts + 1, createdAt: expect.any(String), duplicate: false });
  const expected = { ...written, id: messageId, seq: seq + 1, pts: pts + 1, senderId: alice.user.id, kind: "text" };
  for (const hub of [a, b]) {
    const heard = await hub.hears("ReceiveMessage", (message) => message.id === messageId);
    expect(heard).toMatchObject(expected);
    expect(heard.createdAt).toBe(receipt.createdAt);
  }

  const answer = await b.send(draft(id, "Hello alice"));
  expect(answer).toMatchObject({ seq: seq + 2, pts: pts + 2, duplicate: false });
  await a.hears("ReceiveMessage", (message) => message.id === answer.messageId && message.senderId === bob.user.id);
  const told = a.heard("ReceiveMessage").filter(({ kind }) => kind === "text");
  expect(told.map((message) => message.seq)).toEqual([seq + 1, seq + 2]);
  expect(c.pushes).toEqual([]);
});

test("a message by REST is 201 and pushed like any other", async () => {
  await using b = await connect(bob);
  const { id } = await newChannel(alice, bob);
  const { status, output } = await api.callWithStatus("sendMessage", draft(id, "By REST"), alice.token);
  expect(status).toBe(201);
  expect(await b.hears("ReceiveMessage")).toEqual(output.message);
  const { conversation } = await api.call("getConversation", { conversationId: id }, bob.token);
  expect(conversation).toMatchObject({ seq: output.message.seq, pts: output.message.pts, lastMessage: output.message });
  expect(conversation.me.unread).toBe(1);
});

test("a repeat by hub or REST, in any order and with any text, is stored once under its first ids [L5]", async () => {
  await using a = await connect(alice);
  await using b = await connect(bob);
  const { id } = await newChannel(alice, bob);
  const byHub = draft(id, "First by hub");
  const first = await a.send(byHub);
  expect(first.duplicate).toBe(false);
  expect(await a.send(byHub)).toEqual({ ...first, duplicate: true });
  expect(await a.send({ ...byHub, text: "Changed" })).toEqual({ ...first, duplicate: true });
  const repeated = await api.callWithStatus("sendMessage", { ...byHub, text: "Changed" }, alice.token);
  expect(repeated.status).toBe(200);
  expect(repeated.output.message).toMatchObject({ id: first.messageId, seq: first.seq, text: "First by hub" });

  const byRest = draft(id, "First by REST");
  const { output: stored } = await api.callWithStatus("sendMessage", byRest, alice.token);
  const again = await api.callWithStatus("sendMessage", byRest, alice.token);
  expect(again).toEqual({ status: 200, output: stored });
  expect(await a.send(byRest)).toMatchObject({
    messageId: stored.message.id,
    seq: stored.message.seq,
    duplicate: true,
  });

  const last = await a.send(draft(id, "Last"));
  await b.hears("ReceiveMessage", (message) => message.id === last.messageId);
  const ids = [first.messageId, stored.message.id, last.messageId];
  expect(b.heard("ReceiveMessage").map((message) => message.id)).toEqual(ids);
  const history = await api.call("listMessages", { conversationId: id }, bob.token);
  expect(history.items.map((message) => message.id)).toEqual(ids);
});

test("a clientMessageId is its sender's own, and of one conversation [L5]", async () => {
  const [one, other] = [await newGroup(alice, bob), await newGroup(alice, bob)];
  const clientMessageId = crypto.randomUUID();
  for (const [conversation, sender] of [
    [one, alice],
    [one, bob],
    [other, alice],
  ] as const) {
    const { status } = await api.callWithStatus(
      "sendMessage",
      draft(conversation.id, "x", clientMessageId),
      sender.token,
    );
    expect(status).toBe(201);
  }
});

test("repeats within one pipelined burst are stored once [L5]", async () => {
  const { id, seq } = await newGroup(alice, bob);
  const repeated = draft(id, "Once");
  const other = draft(id, "Another");
  using socket = await RawSocket.open(url, alice.token);
  const burst = [repeated, repeated, other, { ...repeated, text: "Changed" }, repeated];
  socket.write(handshake, ...burst.map((message, index) => sendInvocation(`${index}`, message)));
  const frames = await socket.until((frames) => frames.filter((frame) => frame["type"] === 3).length === burst.length);
  const results = frames.filter((frame) => frame["type"] === 3).map((frame) => Object(frame["result"]));
  expect(results.map((result) => result.seq).sort()).toEqual([seq + 1, seq + 1, seq + 1, seq + 1, seq + 2]);
  expect(results.filter((result) => result.duplicate === false)).toHaveLength(2);
  const { items } = await api.call("listMessages", { conversationId: id }, bob.token);
  expect(items.map((message) => message.text).sort()).toEqual(["Another", "Once"]);
});

/** A group with the messages 1 to 12. */
async function twelveMessages(): Promise<{ group: Conversation; first: number }> {
  const group = await newChannel(alice, bob);
  for (let n = 1; n <= 12; n++) await api.call("sendMessage", draft(group.id, `${n}`), alice.token);
  return { group, first: group.seq + 1 };
}

test("history is read before, after and around a seq, ascending, page by page", async () => {
  const { group, first } = await twelveMessages();
  const read = async (query: { beforeSeq?: number; afterSeq?: number; aroundSeq?: number; limit?: number }) => {
    const { items, nextCursor } = await api.call("listMessages", { conversationId: group.id, ...query }, bob.token);
    return { texts: items.map((message) => Number(message.text)), nextCursor };
  };
  const all = Array.from({ length: 12 }, (_, index) => index + 1);
  expect((await read({})).texts).toEqual(all);
  expect(await read({ limit: 5 })).toEqual({ texts: [8, 9, 10, 11, 12], nextCursor: `${first + 7}` });
  expect((await read({ beforeSeq: first + 4 })).texts).toEqual([1, 2, 3, 4]);
  expect((await read({ beforeSeq: first + 4, limit: 2 })).texts).toEqual([3, 4]);
  expect((await read({ afterSeq: first + 4 })).texts).toEqual([6, 7, 8, 9, 10, 11, 12]);
  expect((await read({ afterSeq: first + 4, limit: 2 })).texts).toEqual([6, 7]);
  expect((await read({ aroundSeq: first + 5, limit: 5 })).texts).toContain(6);
  expect((await read({ aroundSeq: first + 5, limit: 5 })).texts).toHaveLength(5);
  expect(await read({ afterSeq: first + 11 })).toEqual({ texts: [], nextCursor: null });

  for (const direction of ["beforeSeq", "afterSeq"] as const) {
    const seen: number[] = [];
    let cursor: string | null = `${direction === "afterSeq" ? 0 : first + 12}`;
    while (cursor !== null) {
      const page = await read({ [direction]: Number(cursor), limit: 5 });
      if (direction === "afterSeq") seen.push(...page.texts);
      else seen.unshift(...page.texts);
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(all);
  }
});

test("text is kept as it is up to 16 KiB of UTF-8, and refused beyond", async () => {
  const { id } = await newGroup(alice);
  const longest = "é".repeat(8 * 1024);
  expect((await api.call("sendMessage", draft(id, longest), alice.token)).message.text).toBe(longest);
  for (const text of [`${longest}x`, "", " \n"]) {
    const problem = await api.refused("sendMessage", draft(id, text), alice.token);
    expect(problem).toMatchObject({ code: "VALIDATION_FAILED", errors: [{ path: "text" }] });
  }
});

test("a message cannot be sent in somebody else's name", async () => {
  const { id } = await newChannel(alice, bob);
  const forged = { ...draft(id, "Forged"), senderId: bob.user.id, seq: 1, createdAt: "2001-01-01T00:00:00Z" };
  expect((await api.refused("sendMessage", forged, alice.token)).code).toBe("VALIDATION_FAILED");
  expect(outputOf("listMessages", await api.send("listMessages", { conversationId: id }, alice)).items).toEqual([]);
});
