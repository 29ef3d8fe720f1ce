import { expect, test } from "bun:test";
import { freshConversation } from "@hubbub/client";
import {
  type Conversation,
  type ConversationSettings,
  conversation as conversationSchema,
  defaultSettings,
  type Message,
  message as messageSchema,
  newConversationId,
  newUserId,
} from "@hubbub/contract";
import { alertsOf } from "./alert-rule.ts";

const own = newUserId();
const other = newUserId();
const conversationId = newConversationId();
const now = new Date("2026-03-01T11:00:00Z");
const later = "2026-03-01T12:00:00.000Z";

function message(fields: Partial<Message> = {}): Message {
  return messageSchema.parse({
    ...{ id: conversationId, conversationId, clientMessageId: newConversationId(), senderId: other, kind: "text" },
    ...{ seq: 5, pts: 5, text: "hello", createdAt: "2026-03-01T10:59:00Z" },
    ...fields,
  });
}

interface Choices {
  readonly notify?: "all" | "mentions" | "nothing";
  readonly here?: Partial<ConversationSettings>;
  readonly readSeq?: number;
  readonly blocks?: boolean;
}

function isAlerted(
  written: Message,
  { notify = "all", here = {}, readSeq = 4, blocks = false }: Choices = {},
): boolean {
  const conversation: Conversation = conversationSchema.parse({
    ...{ id: conversationId, type: "group", visibility: "private", posting: "everyone", encrypted: false },
    ...{ historyVisibility: "all", memberCount: 2, seq: 5, pts: 5, createdAt: "2026-03-01T10:00:00Z" },
    me: {
      ...{ role: "member", readSeq, deliveredSeq: 5, visibleFromSeq: 1, unread: 1, unreadMentions: 0 },
      settings: { pinned: false, archived: false, ...here },
    },
  });
  const settings = { ...defaultSettings, notifications: { ...defaultSettings.notifications, notify } };
  const people = { settings, blocks: new Set(blocks ? [other] : []) };
  return alertsOf(written, freshConversation(conversation), people, own, now);
}

test("[L14] [P10] what alerts: the conversation's level, else one's own; quiet ones, threads and blocked people as the server judges", () => {
  const called = message({ mentions: [own] });
  const everyone = message({ mentions: ["everyone"] });
  expect([message(), called, everyone].map((each) => isAlerted(each))).toEqual([true, true, true]);
  expect([message(), called, everyone].map((each) => isAlerted(each, { notify: "mentions" }))).toEqual([
    ...[false, true, true],
  ]);
  expect([message(), called].map((each) => isAlerted(each, { notify: "nothing" }))).toEqual([false, false]);
  expect(isAlerted(message(), { notify: "nothing", here: { notify: "all" } })).toBe(true);
  expect(isAlerted(called, { here: { notify: "nothing" } })).toBe(false);
  for (const here of [{ mutedUntil: later }, { archived: true }])
    expect([message(), called].map((each) => isAlerted(each, { here }))).toEqual([false, true]);
  expect(isAlerted(message(), { here: { mutedUntil: now.toISOString() } })).toBe(true);
  expect(isAlerted(called, { blocks: true })).toBe(false);
  expect(isAlerted(message(), { readSeq: 5 })).toBe(false);
  expect(isAlerted(message({ senderId: own, mentions: ["everyone"] }))).toBe(false);
  const { text: _, ...bare } = message();
  expect(isAlerted(messageSchema.parse({ ...bare, deletedAt: later }))).toBe(false);
  expect(isAlerted(message({ threadRootId: message().id }))).toBe(false);
  expect(isAlerted(message({ threadRootId: message().id, mentions: [own] }))).toBe(true);
});
