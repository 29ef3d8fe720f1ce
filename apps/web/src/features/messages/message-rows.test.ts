import { expect, test } from "bun:test";
import { addHistory, freshConversation } from "@hubbub/client";
import { type Message, newClientMessageId, newMessageId, newUserId, type UserId } from "@hubbub/contract";
import { sampleConversation } from "@hubbub/contract/testing";
import { lastOwn, mainHistory, rowAt, rowCount, snippetOf } from "./message-rows.ts";

const [own, other] = [newUserId(), newUserId()];
const conversation = sampleConversation({ type: "direct" });

function message(seq: number, senderId: UserId, time: Date): Message {
  const ids = { id: newMessageId(conversation.id), conversationId: conversation.id, seq, pts: seq, senderId };
  return { ...ids, kind: "text", text: `${seq}`, createdAt: time.toISOString() };
}

test("one sender's messages within five minutes are a group, and a new day begins with its date", () => {
  const items = [
    message(1, own, new Date(2026, 2, 1, 23, 50)),
    message(2, own, new Date(2026, 2, 1, 23, 54)),
    message(3, other, new Date(2026, 2, 1, 23, 55)),
    message(4, other, new Date(2026, 2, 2, 0, 1)),
    message(5, other, new Date(2026, 2, 2, 0, 7)),
  ];
  const state = addHistory(freshConversation(conversation), { items, isOldest: true });
  const rows = items.map((_, index) => rowAt(state, index, own));
  expect(rows.map((row) => row?.startsGroup)).toEqual([true, false, true, true, true]);
  expect(rows.map((row) => row?.startsDay)).toEqual([true, false, false, true, false]);
});

test("a message that is not stored yet is the last row, and keeps its key when it is", () => {
  const clientMessageId = newClientMessageId();
  const waiting = { clientMessageId, text: "hi", createdAt: new Date().toISOString(), status: "sending" as const };
  const before = { ...freshConversation(conversation), pending: [waiting] };
  const stored = { ...message(1, own, new Date()), clientMessageId };
  const after = addHistory(before, { items: [stored], isOldest: true });
  expect([rowCount(before), rowCount(after)]).toEqual([1, 1]);
  expect(rowAt(before, 0, own)?.pending).toBe(waiting);
  expect(rowAt(after, 0, own)?.pending).toBeUndefined();
  expect(rowAt(after, 0, own)?.key).toBe(rowAt(before, 0, own)?.key ?? "");
});

test("[L15] replies in threads are no rows of the main history, nor the last message of one's own", () => {
  const root = message(1, own, new Date());
  const reply = { ...message(2, own, new Date()), threadRootId: root.id };
  const state = addHistory(freshConversation(conversation), { items: [root, reply], isOldest: true });
  const main = mainHistory(state);
  expect([rowCount(main), rowAt(main, 0, own)?.stored]).toEqual([1, root]);
  expect(mainHistory(main)).toBe(main);
  expect(lastOwn(state, own, undefined)).toEqual(root);
});

test("[K8] a message of a kind that a newer server knows asks for a reload in its place", () => {
  const { text: _, ...others } = message(1, other, new Date());
  const item: Message = { ...others, kind: "unsupported" };
  const state = addHistory(freshConversation(conversation), { items: [item], isOldest: true });
  expect(rowAt(state, 0, own)?.text).toBe("Reload the page to see this message.");
  expect(snippetOf(item)).toBe("Reload the page to see this message.");
});
