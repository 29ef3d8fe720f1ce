import { expect, test } from "bun:test";
import { freshConversation } from "@hubbub/client";
import { type Conversation, conversation as conversationSchema, newConversationId, newUserId } from "@hubbub/contract";
import { listed, mayManage, previewOf, titleOf } from "./summary.ts";

const [own, other] = [newUserId(), newUserId()];
const peer = { id: other, username: "bea", displayName: "Bea Ortiz" };

function make(fields: Partial<Record<keyof Conversation, unknown>>): Conversation {
  return conversationSchema.parse({
    ...{ id: newConversationId(), type: "group", visibility: "private", posting: "everyone", encrypted: false },
    ...{ historyVisibility: "all", memberCount: 2, seq: 0, pts: 0, createdAt: "2026-03-01T10:00:00Z" },
    me: {
      role: "member",
      readSeq: 0,
      deliveredSeq: 0,
      visibleFromSeq: 1,
      unread: 0,
      unreadMentions: 0,
      settings: { pinned: false, archived: false },
    },
    ...fields,
  });
}

test("a direct conversation is called by the other person, or is notes to oneself", () => {
  expect(titleOf(make({ type: "direct", peer }), own)).toBe("Bea Ortiz");
  expect(titleOf(make({ type: "direct", peer: { ...peer, id: own } }), own)).toBe("Notes to yourself");
  expect(titleOf(make({ title: "Plans" }), own)).toBe("Plans");
});

test("the list is filtered by names and usernames: pinned ones, then newest activity first, archived ones apart", () => {
  const older = make({ type: "direct", peer, createdAt: "2026-03-01T10:00:00Z" });
  const newer = make({ title: "Bea's plans", createdAt: "2026-03-02T10:00:00Z" });
  const me = make({}).me;
  const pinned = make({
    title: "Else",
    createdAt: "2026-02-01T10:00:00Z",
    me: { ...me, settings: { pinned: true, archived: false } },
  });
  const archived = make({ title: "Bea, once", me: { ...me, settings: { pinned: true, archived: true } } });
  const all = new Map([older, newer, pinned, archived].map((each) => [each.id, freshConversation(each)]));
  const found = (filter: string) => {
    const { shown, archived } = listed(all, own, filter);
    return [shown, archived].map((part) => part.map(({ conversation }) => conversation.id));
  };
  expect(found("bea")).toEqual([[newer.id, older.id], [archived.id]]);
  expect(found("ORTIZ bea")).toEqual([[older.id], []]);
  expect(found("")).toEqual([[pinned.id, newer.id, older.id], [archived.id]]);
});

test("what was just written is the preview, before it is stored", () => {
  const state = freshConversation(make({ title: "Plans" }));
  expect(previewOf(state, own, new Map())).toBe("No messages yet");
});

test("only owners and admins of groups and channels manage them", () => {
  const asOwner = {
    role: "owner",
    readSeq: 0,
    deliveredSeq: 0,
    visibleFromSeq: 1,
    unread: 0,
    unreadMentions: 0,
    settings: { pinned: false, archived: false },
  };
  expect(mayManage(make({}))).toBe(false);
  expect(mayManage(make({ me: asOwner }))).toBe(true);
  expect(mayManage(make({ type: "direct", me: asOwner }))).toBe(false);
});
