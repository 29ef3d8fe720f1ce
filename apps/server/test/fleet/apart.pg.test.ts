import { expect, test } from "bun:test";
import { newClientMessageId, operations } from "@hubbub/contract";
import { ServerProcess, temporaryDirectory } from "../../src/testing/server-process.ts";
import { TestNode } from "../../src/testing/test-node.ts";
import { becomes, Guest, startFleet } from "./fleet.ts";

test("[L20] nodes on one database that hear nothing of each other: every client comes to the same state by itself", async () => {
  await using fleet = await startFleet(2);
  const [first, second] = fleet.nodes;
  if (first === undefined || second === undefined) throw new Error("Two nodes are needed");
  await using ada = await Guest.join(first, "ada");
  await using ben = await Guest.join(second, "ben");
  const id = await ada.begin([ben]);
  await becomes("ben's store has the conversation", () => ben.shown(id) >= 0, 4_000);
  const hearsOfHeads = () => ben.heard.some(({ event }) => event === "ConversationHead");
  // a sync that is under way anyhow may bring the first message sooner than its head
  for (let said = 0; said < 3 && !hearsOfHeads(); said++) {
    await ada.say(id, "hello");
    const { conversation } = await ada.person.api.call("getConversation", { conversationId: id });
    await becomes("ben's store has the message", () => ben.shown(id) === conversation.pts, 4_000);
  }
  expect(hearsOfHeads()).toBe(true);

  await ada.person.api.call("removeMember", { conversationId: id, userId: ben.id });
  await Bun.sleep(1_000); // what [L13] gives other nodes
  const before = ben.heard.length;
  await ada.say(id, "without ben");
  await becomes("ben's store has left", () => !ben.store.getSnapshot().conversations.has(id), 4_000);
  expect(ben.heard.slice(before).filter(({ payload }) => "conversationId" in payload)).toEqual([]);
}, 30_000);

test("[L6] [L20] a server alone: what was written without its knowledge, as by a try that it gave up, is told", async () => {
  const directory = temporaryDirectory();
  const server = await ServerProcess.start({ dataDirectory: directory.path });
  try {
    await using ada = await Guest.join(server, "ada");
    await using ben = await Guest.join(server, "ben");
    const id = await ada.begin([ben]);
    await becomes("ada's store has the conversation", () => ada.shown(id) >= 0, 4_000);
    const unknown = new TestNode(server.databaseUrl); // whose pushes reach nobody
    for (const text of ["late", "later"]) {
      const message = { conversationId: id, text, clientMessageId: newClientMessageId() };
      expect((await unknown.call(operations.sendMessage, ada.id, message)).ok).toBe(true);
      const { conversation } = await ada.person.api.call("getConversation", { conversationId: id });
      await becomes("ada's store has the message", () => ada.shown(id) === conversation.pts, 4_000);
    }
    await unknown.close();
    // a sweep has found in ben's inbox that he was added, which he had heard
    expect(ben.heard.filter(({ event }) => event === "SyncRequired")).toEqual([]);
  } finally {
    await server.stop();
    directory.remove();
  }
}, 30_000);
