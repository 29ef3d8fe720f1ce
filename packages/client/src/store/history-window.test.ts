import { expect, test } from "bun:test";
import {
  conversation as conversationSchema,
  type Message,
  newConversationId,
  newMessageId,
  newUserId,
} from "@hubbub/contract";
import { applyChange } from "./apply-change.ts";
import { addHistory, type ConversationState, freshConversation } from "./conversation-state.ts";
import { joinRuns, leaveWindow, placeWindow } from "./history-window.ts";

const [own, other, id] = [newUserId(), newUserId(), newConversationId()];
const createdAt = "2026-01-01T00:00:00.000Z";
const conversation = conversationSchema.parse({
  ...{ id, type: "group", visibility: "private", posting: "everyone", historyVisibility: "all", encrypted: false },
  ...{ memberCount: 2, seq: 40, pts: 40, createdAt },
  me: {
    ...{ role: "member", readSeq: 40, deliveredSeq: 40, visibleFromSeq: 1, unread: 0, unreadMentions: 0 },
    settings: { pinned: false, archived: false },
  },
});
const all = Array.from({ length: 40 }, (_, index): Message => {
  const seq = index + 1;
  return {
    id: newMessageId(id),
    conversationId: id,
    seq,
    pts: seq,
    senderId: other,
    kind: "text",
    text: `${seq}`,
    createdAt,
  };
});
/** From the first to the last seq, as read before anything changed. */
const page = (first: number, last: number) => ({ items: all.slice(first - 1, last), isOldest: first === 1 });
const seqs = (run: readonly Message[] | undefined) => run?.map(({ seq }) => seq);

function edited(state: ConversationState, seq: number): ConversationState {
  const [before] = all.slice(seq - 1);
  if (before === undefined) throw new RangeError(`no seq ${seq}`);
  const pts = state.conversation.pts + 1;
  return applyChange(
    state,
    { event: "MessageEdited", pts, payload: { ...before, pts, text: "edited", editedAt: createdAt } },
    own,
  );
}

const start = addHistory(freshConversation(conversation), page(36, 40));
const textOf = (run: readonly Message[] | undefined, seq: number) => run?.find((message) => message.seq === seq)?.text;

test("[L11] [L18] a page that was on its way while a window heard of a change does not bring back what was before", () => {
  const changed = edited(placeWindow(start, page(8, 12)), 10);
  expect(textOf(changed.window?.messages, 10)).toBe("edited");
  const moved = placeWindow(changed, page(10, 14));
  expect([seqs(moved.window?.messages), textOf(moved.window?.messages, 10)]).toEqual([[10, 11, 12, 13, 14], "edited"]);
  const reached = joinRuns(addHistory(changed, page(9, 35)));
  expect(reached.window).toBeUndefined();
  expect([seqs(reached.messages)?.[0], textOf(reached.messages, 10)]).toEqual([8, "edited"]);
});

test("[L18] a page that was on its way when a window was left is known to be old", () => {
  const changed = edited(placeWindow(start, page(8, 12)), 10);
  expect(leaveWindow(changed).messagesPts).toBe(41);
  expect(placeWindow(changed, page(20, 24)).messagesPts).toBe(41);
});

test("a window becomes part of the newest run where nothing can be missing between them", () => {
  expect(placeWindow(start, page(30, 34)).window).toBeDefined();
  const joined = placeWindow(start, page(31, 35));
  expect([joined.window, joined.messages, joined.history]).toEqual([undefined, all.slice(30), "partial"]);
  const unloaded = freshConversation(conversation);
  expect(placeWindow(unloaded, page(1, 39))).toMatchObject({ messages: [], history: "unloaded" });
  expect(placeWindow(unloaded, page(1, 40))).toMatchObject({ messages: all, history: "complete", window: undefined });
});
