import { expect, test } from "bun:test";
import { freshConversation } from "@hubbub/client";
import { type Conversation, conversation as conversationSchema, newConversationId } from "@hubbub/contract";
import { formatTotal, formatUnread } from "./unread.ts";

test("[L23] counts are exact up to 99, also in sum", () => {
  const holding = (...counts: number[]) => conversations(counts.map((unread) => ({ unread })));
  expect([1, 99, 100].map(formatUnread)).toEqual(["1", "99", "99+"]);
  expect(formatTotal(holding(0, 0), now)).toBe("");
  expect(formatTotal(holding(90, 0, 9), now)).toBe("99");
  expect(formatTotal(holding(60, 60), now)).toBe("99+");
});

test("of muted and archived conversations only what names one is counted, until the mute ends", () => {
  const muted = { unread: 50, unreadMentions: 2, settings: { ...settings, mutedUntil: "2026-03-01T12:00:00.000Z" } };
  const archived = { unread: 50, settings: { ...settings, archived: true } };
  const all = conversations([{ unread: 3 }, muted, archived]);
  expect(formatTotal(all, now)).toBe("5");
  expect(formatTotal(all, new Date("2026-03-01T12:00:01Z"))).toBe("53");
});

const now = new Date("2026-03-01T11:00:00Z");
const settings = { pinned: false, archived: false };

function conversations(own: readonly Partial<Conversation["me"]>[]) {
  return new Map(
    own.map((me) => {
      const conversation = conversationSchema.parse({
        ...{ id: newConversationId(), type: "group", visibility: "private", posting: "everyone", encrypted: false },
        ...{ historyVisibility: "all", memberCount: 2, seq: 0, pts: 0, createdAt: "2026-03-01T10:00:00Z" },
        me: {
          ...{ role: "member", readSeq: 0, deliveredSeq: 0, visibleFromSeq: 1 },
          unreadMentions: 0,
          settings,
          ...me,
        },
      });
      return [conversation.id, freshConversation(conversation)];
    }),
  );
}
