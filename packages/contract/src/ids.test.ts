import { expect, test } from "bun:test";
import { conversationId, laneOf, newConversationId, newMessageId } from "./ids.ts";

test("[L8] a message's id carries its conversation's lane, and both are UUIDv7", () => {
  for (let i = 0; i < 500; i++) {
    const conversation = newConversationId();
    const message = newMessageId(conversation);
    expect(laneOf(message)).toBe(laneOf(conversation));
    expect(message).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

test("[L8] ids sort by the time they were made", () => {
  const times = [0, 1, 0xffff, 0x10000, Date.now(), 2 ** 47];
  const ids = times.map((now) => newConversationId(now));
  expect(ids.toSorted()).toEqual(ids);
  expect(Number.parseInt(newConversationId(times[4]).replaceAll("-", "").slice(0, 12), 16)).toBe(times[4] ?? -1);
});

test("[L8] lanes of new conversations spread, and any UUID is accepted as input, without regard to case", () => {
  const lanes = new Set(Array.from({ length: 2000 }, () => laneOf(newConversationId())));
  expect(lanes.size).toBeGreaterThan(1000);
  const v4 = conversationId.parse("9B2FDB8A-1111-4abc-8DEF-0123456789AB");
  expect(laneOf(v4)).toBe(laneOf(conversationId.parse(v4)));
  expect(v4.toUpperCase().toLowerCase()).toBe(v4);
});
