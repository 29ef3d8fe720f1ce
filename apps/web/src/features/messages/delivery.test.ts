import { expect, test } from "bun:test";
import { type ConversationState, freshConversation } from "@hubbub/client";
import {
  conversation as conversationSchema,
  type Message,
  newConversationId,
  newMessageId,
  newUserId,
} from "@hubbub/contract";
import { deliveryOf, describeDelivery } from "./delivery.ts";

const [own, ben, cat] = [newUserId(), newUserId(), newUserId()];

function sent(marks: readonly (readonly [typeof own, number, number])[], memberCount: number): ConversationState {
  const conversation = conversationSchema.parse({
    ...{ id: newConversationId(), type: "group", visibility: "private", posting: "everyone", encrypted: false },
    ...{ historyVisibility: "all", memberCount, seq: 2, pts: 2, createdAt: "2026-03-01T10:00:00Z" },
    me: {
      role: "member",
      readSeq: 2,
      deliveredSeq: 2,
      visibleFromSeq: 1,
      unread: 0,
      unreadMentions: 0,
      settings: { pinned: false, archived: false },
    },
  });
  const { id: conversationId, createdAt } = conversation;
  const messages = [1, 2].map(
    (seq): Message => ({
      ...{ id: newMessageId(conversationId), conversationId, seq, pts: seq, senderId: own },
      ...{ kind: "text", text: "x", createdAt },
    }),
  );
  const receipts = new Map(marks.map(([userId, deliveredSeq, readSeq]) => [userId, { deliveredSeq, readSeq }]));
  return { ...freshConversation(conversation), messages, receipts };
}

test("[L22] a message is delivered or read when everyone else has it or read it, and no sooner", () => {
  const told = (state: ConversationState) => [0, 1].map((index) => describeDelivery(deliveryOf(state, index, own)));
  const me = [own, 2, 2] as const;
  expect(told(sent([me, [ben, 2, 1]], 2))).toEqual(["Read", "Delivered"]);
  expect(told(sent([me, [ben, 1, 0]], 2))).toEqual(["Delivered", "Sent"]);
  expect(told(sent([me, [ben, 2, 2], [cat, 2, 1]], 3))).toEqual(["Read by everyone", "Read by 1 of 2"]);
  expect(told(sent([me, [ben, 2, 0], [cat, 1, 0]], 3))).toEqual(["Delivered", "Sent"]);
  // of the third nothing is known yet; and alone with oneself
  expect(told(sent([me, [ben, 2, 2]], 3))).toEqual(["Sent", "Sent"]);
  expect(told(sent([me], 1))).toEqual(["Sent", "Sent"]);
});
