import { expect, test } from "bun:test";
import { newConversationId, newMessageId, newUserId } from "../ids.ts";
import { listMessages } from "../operations/list-messages.ts";
import { sync } from "../operations/sync.ts";

const createdAt = "2026-01-01T00:00:00.000Z";

test("what a newer server tells of kinds and fields unknown here is read by its number, and known things beside it whole", () => {
  const id = newConversationId();
  const known = {
    pts: 1,
    createdAt,
    event: "ConversationUpdated",
    payload: { conversationId: id, title: "A", pts: 1 },
  };
  const answer = sync.output.parse({
    ...{ epoch: "e", userPts: 2, invention: true },
    user: [
      { userPts: 1, createdAt, event: "PetAdopted", payload: { conversationId: id, pet: "cat" } },
      { userPts: 2, createdAt, event: "MoonRose" },
    ],
    conversations: [{ id, pts: 2, seq: 0, receiptsVersion: 0, changes: [known, { pts: 2, event: "PetAdopted" }] }],
  });
  expect(answer.user).toEqual([
    { userPts: 1, event: "Unknown", payload: { conversationId: id } },
    { userPts: 2, event: "Unknown", payload: {} },
  ]);
  expect(answer.conversations[0]?.changes).toMatchObject([known, { pts: 2, event: "Unknown" }]);
  expect(answer).not.toHaveProperty("invention");
});

test("a message of a kind unknown here is read as unsupported, and the page around it stays", () => {
  const conversationId = newConversationId();
  const message = {
    ...{ id: newMessageId(conversationId), conversationId, seq: 1, pts: 1, senderId: newUserId(), createdAt },
    ...{ kind: "hologram", hologram: {} },
  };
  const { items } = listMessages.output.parse({ items: [message], nextCursor: null });
  expect(items[0]).toMatchObject({ seq: 1, kind: "unsupported" });
});
