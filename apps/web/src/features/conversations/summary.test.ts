import { expect, test } from "bun:test";
import { freshConversation } from "@hubbub/client";
import { newUserId } from "@hubbub/contract";
import { sampleConversation } from "@hubbub/contract/testing";
import { listed, mayManage, previewOf, titleOf } from "./summary.ts";

const [own, other] = [newUserId(), newUserId()];
const peer = { id: other, username: "bea", displayName: "Bea Ortiz" };

test("a direct conversation is called by the other person, or is notes to oneself", () => {
  expect(titleOf(sampleConversation({ type: "direct", peer }), own)).toBe("Bea Ortiz");
  expect(titleOf(sampleConversation({ type: "direct", peer: { ...peer, id: own } }), own)).toBe("Notes to yourself");
  expect(titleOf(sampleConversation({ title: "Plans" }), own)).toBe("Plans");
});

test("the list is filtered by names and usernames: pinned ones, then newest activity first, archived ones apart", () => {
  const older = sampleConversation({ type: "direct", peer, createdAt: "2026-03-01T10:00:00Z" });
  const newer = sampleConversation({ title: "Bea's plans", createdAt: "2026-03-02T10:00:00Z" });
  const pinned = sampleConversation({
    title: "Else",
    createdAt: "2026-02-01T10:00:00Z",
    me: { settings: { pinned: true, archived: false } },
  });
  const archived = sampleConversation({
    title: "Bea, once",
    me: { settings: { pinned: true, archived: true } },
  });
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
  const state = freshConversation(sampleConversation({ title: "Plans" }));
  expect(previewOf(state, own, new Map())).toBe("No messages yet");
});

test("only owners and admins of groups and channels manage them", () => {
  const me = { role: "owner" } as const;
  expect(mayManage(sampleConversation())).toBe(false);
  expect(mayManage(sampleConversation({ me }))).toBe(true);
  expect(mayManage(sampleConversation({ type: "direct", me }))).toBe(false);
});
