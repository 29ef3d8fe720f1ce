import { expect, test } from "bun:test";
import { type Message, newClientMessageId, newMessageId, newUserId } from "@hubbub/contract";
import { sampleConversation } from "@hubbub/contract/testing";
import { applyChange } from "./apply-change.ts";
import { addMessages, type ConversationState, freshConversation } from "./conversation-state.ts";
import { hidesOwnReaction, learnOwnReactions } from "./own-reactions.ts";
import type { PendingChange } from "./pending-change.ts";
import { withIntents } from "./with-intents.ts";

const own = newUserId();
const others = Array.from({ length: 6 }, () => newUserId());
const conversation = sampleConversation({ seq: 1, pts: 7 });
const conversationId = conversation.id;

/** Eight people reacted so; five of them are named. */
const popular: Message = {
  ...{ id: newMessageId(conversationId), conversationId, seq: 1, pts: 7, senderId: own, kind: "text", text: "Lunch?" },
  createdAt: "2026-03-01T10:00:00.000Z",
  reactions: [{ emoji: "👍", count: 8, userIds: others.slice(0, 5) }],
};
const start = addMessages(freshConversation(conversation), [popular]);

/** What the page shows of it. */
function shown(state: ConversationState) {
  const [message] = withIntents(state, own).messages;
  const reaction = message?.reactions?.[0];
  return { count: reaction?.count, isOwn: reaction?.userIds.includes(own) };
}

/** Someone's reaction, as the log tells of it. */
function change(state: ConversationState, event: "ReactionAdded" | "ReactionRemoved", userId = own) {
  const pts = state.conversation.pts + 1;
  const count = (state.messages[0]?.reactions?.[0]?.count ?? 0) + (event === "ReactionAdded" ? 1 : -1);
  const userIds = others.slice(0, 5);
  const payload = { conversationId, messageId: popular.id, seq: 1, userId, emoji: "👍", count, userIds, pts };
  return applyChange(state, { event, pts, payload }, own);
}

test("one's own reaction is shown beyond the first five that a message names, once it was asked for", () => {
  expect(hidesOwnReaction(popular, own)).toBe(true);
  expect(shown(start)).toEqual({ count: 8, isOwn: false });
  expect(shown(learnOwnReactions(start, popular.id, []))).toEqual({ count: 8, isOwn: false });
  const known = learnOwnReactions(start, popular.id, ["👍"]);
  expect(shown(known)).toEqual({ count: 8, isOwn: true });
  expect(shown(change(known, "ReactionAdded", others[5]))).toEqual({ count: 9, isOwn: true });
});

test("what one does on any device is heard, and is newer than the answer that was on its way", () => {
  const known = learnOwnReactions(start, popular.id, ["👍"]);
  expect(shown(change(known, "ReactionRemoved"))).toEqual({ count: 7, isOwn: false });
  const asking = learnOwnReactions(start, popular.id, []);
  const meanwhile = change(asking, "ReactionRemoved");
  expect(shown(learnOwnReactions(meanwhile, popular.id, ["👍"]))).toEqual({ count: 7, isOwn: false });
  const again = change(learnOwnReactions(meanwhile, popular.id, ["👍"]), "ReactionAdded");
  expect(shown(again)).toEqual({ count: 8, isOwn: true });
});

test("a reaction that is taken back beyond the first five is gone at once", () => {
  const asked: PendingChange = {
    ...{ clientMessageId: newClientMessageId(), messageId: popular.id, createdAt: "2026-03-01T10:01:00.000Z" },
    intent: { kind: "unreact", emoji: "👍" },
    status: "sending",
  };
  const known = learnOwnReactions(start, popular.id, ["👍"]);
  expect(shown({ ...known, changing: [asked] })).toEqual({ count: 7, isOwn: false });
});
