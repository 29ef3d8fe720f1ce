import { expect, test } from "bun:test";
import { freshConversation } from "@hubbub/client";
import { conversation as conversationSchema, newConversationId } from "@hubbub/contract";
import { formatTotal, formatUnread } from "./unread.ts";

test("[L23] counts are exact up to 99, also in sum", () => {
  const holding = (...counts: number[]) =>
    new Map(
      counts.map((unread) => {
        const conversation = conversationSchema.parse({
          ...{ id: newConversationId(), type: "group", visibility: "private", posting: "everyone", encrypted: false },
          ...{ historyVisibility: "all", memberCount: 2, seq: 0, pts: 0, createdAt: "2026-03-01T10:00:00Z" },
          me: {
            role: "member",
            readSeq: 0,
            deliveredSeq: 0,
            visibleFromSeq: 1,
            unread,
            unreadMentions: 0,
            settings: { pinned: false, archived: false },
          },
        });
        return [conversation.id, freshConversation(conversation)];
      }),
    );
  expect([1, 99, 100].map(formatUnread)).toEqual(["1", "99", "99+"]);
  expect(formatTotal(holding(0, 0))).toBe("");
  expect(formatTotal(holding(90, 0, 9))).toBe("99");
  expect(formatTotal(holding(60, 60))).toBe("99+");
});
