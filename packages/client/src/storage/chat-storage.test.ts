import { describe, expect, test } from "bun:test";
import "fake-indexeddb/auto";
import { newClientMessageId, newConversationId, newUserId } from "@hubbub/contract";
import { sampleConversation } from "@hubbub/contract/testing";
import { openDB } from "idb";
import { freshConversation } from "../store/conversation-state.ts";
import type { ChatStorage, OutboxEntry, StoredConversation, StoredInbox } from "./chat-storage.ts";
import { IndexedDbStorage } from "./indexed-db-storage.ts";
import { MemoryStorage } from "./memory-storage.ts";

const ann = { id: newUserId(), username: "ann", displayName: "Ann" };

function storedConversation(title: string): StoredConversation {
  const conversation = sampleConversation({ title, memberCount: 1 });
  const { pending: _, early: __, ...stored } = freshConversation(conversation);
  return { ...stored, members: new Map([[ann.id, { userId: ann.id, role: "owner" }]]) };
}

const inbox = (userPts: number): StoredInbox => ({ userPts, invitations: new Map(), people: undefined });

const entry = (text: string): OutboxEntry => ({
  ...{ clientMessageId: newClientMessageId(), conversationId: newConversationId(), text },
  createdAt: "2026-01-01T00:00:00.000Z",
});

let databases = 0;
const kinds: readonly (readonly [string, () => Promise<ChatStorage>])[] = [
  ["memory", () => Promise.resolve(new MemoryStorage())],
  ["IndexedDB", () => IndexedDbStorage.open(`test ${databases++}`)],
];

for (const [kind, open] of kinds)
  describe(kind, () => {
    test("[K1] what was saved is loaded as it was, what was removed is not", async () => {
      const storage = await open();
      expect(await storage.load()).toBeUndefined();
      const [kept, gone] = [storedConversation("Kept"), storedConversation("Gone")];
      await storage.save({ epoch: "e", inbox: inbox(1), conversations: [kept, gone], removed: [], users: [ann] });
      await storage.save({
        epoch: "e",
        inbox: inbox(2),
        conversations: [],
        removed: [gone.conversation.id],
        users: [],
      });
      expect(await storage.load()).toEqual({ epoch: "e", inbox: inbox(2), conversations: [kept], users: [ann] });
    });

    test("[K4] the outbox keeps its order, an entry that is put again its place, and outlives the chat", async () => {
      const storage = await open();
      const [first, second, third] = [entry("1"), entry("2"), entry("3")];
      // none waits for the one before it
      await Promise.all([first, second, third].map((each) => storage.putOutbox(each)));
      await Promise.all([
        storage.putOutbox({ ...first, failure: "No." }),
        storage.removeOutbox(second.clientMessageId),
      ]);
      await storage.clearChat();
      expect(await storage.listOutbox()).toEqual([{ ...first, failure: "No." }, third]);
      expect(await storage.hasOutbox(first.clientMessageId)).toBe(true);
      expect(await storage.hasOutbox(second.clientMessageId)).toBe(false);
    });

    test("[K6] cleared, it holds nothing", async () => {
      const storage = await open();
      await storage.save({
        epoch: "e",
        inbox: inbox(1),
        conversations: [storedConversation("A")],
        removed: [],
        users: [ann],
      });
      await storage.putOutbox(entry("1"));
      await storage.clear();
      expect([await storage.load(), await storage.listOutbox()]).toEqual([undefined, []]);
    });
  });

test("[K3] what another version of the contract kept is forgotten, and what waits to be sent is not", async () => {
  const storage = await IndexedDbStorage.open("versions");
  await storage.save({ epoch: "e", inbox: inbox(1), conversations: [storedConversation("A")], removed: [], users: [] });
  const waiting = entry("1");
  await storage.putOutbox(waiting);
  const database = await openDB("versions");
  await database.put("head", { version: "older", epoch: "e", inbox: inbox(1) }, "head");
  expect([await storage.load(), await storage.listOutbox()]).toEqual([undefined, [waiting]]);
  expect(await database.count("conversations")).toBe(0);
});
