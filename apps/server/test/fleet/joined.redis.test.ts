import { describe, expect, test } from "bun:test";
import { newClientMessageId } from "@hubbub/contract";
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { startRedis } from "../../../../packages/signalr/src/testing/redis-server.ts";
import { startRoundRobin } from "../../../../packages/signalr/test/forwarding/round-robin.ts";
import { requireRedis } from "../../../../scripts/services.ts";
import { freePort } from "../../src/testing/server-process.ts";
import { becomes, Guest, startFleet } from "./fleet.ts";

const program = requireRedis();

async function joinedFleet(size: number) {
  const port = await freePort();
  const redis = await startRedis(program ?? "", ["--port", String(port), "--bind", "127.0.0.1"]);
  return { redis, fleet: await startFleet(size, { REDIS_URL: `redis://127.0.0.1:${port}` }) };
}

describe.skipIf(program === undefined)("nodes joined by Redis", () => {
  test("[L13] [L19] three nodes: pushes, inboxes and memberships reach everyone, and a removed one nothing after a second", async () => {
    const { redis, fleet } = await joinedFleet(3);
    await using _redis = redis;
    await using _fleet = fleet;
    const [ada, ben, eve] = await Promise.all(
      ["ada", "ben", "eve"].map((name, n) => {
        const node = fleet.nodes[n];
        if (node === undefined) throw new Error("Three nodes are needed");
        return Guest.join(node, name);
      }),
    );
    if (ada === undefined || ben === undefined || eve === undefined) throw new Error("Three people are needed");
    await using _ada = ada;
    await using _ben = ben;
    await using _eve = eve;
    const id = await ada.begin([ben]);
    await becomes("ben was told", () => ben.heard.some(({ event }) => event === "NewConversationCreated"), 2_000);
    await ada.person.api.call("addMembers", { conversationId: id, userIds: [eve.id] });
    await becomes("eve was told", () => eve.heard.some(({ event }) => event === "AddedToConversation"), 2_000);
    await Bun.sleep(1_000);
    const all = Array.from({ length: 20 }, (_, n) => `message ${n}`);
    for (const [n, text] of all.entries()) await [ada, ben, eve][n % 3]?.say(id, text);
    for (const guest of [ada, ben, eve]) {
      await becomes("everyone heard everything", () => guest.texts().length === all.length, 3_000);
      expect(guest.texts().toSorted()).toEqual(all.toSorted());
    }
    await ada.person.api.call("removeMember", { conversationId: id, userId: ben.id });
    const removed = performance.now();
    while (performance.now() - removed < 2_500) {
      await eve.say(id, "after the removal");
      await Bun.sleep(50);
    }
    const late = ben.heard.filter(
      ({ at, event, payload }) =>
        at - removed > 1_000 && event !== "RemovedFromConversation" && "conversationId" in payload,
    );
    expect(late).toEqual([]);
    await becomes("ben's store has left", () => !ben.store.getSnapshot().conversations.has(id), 2_000);
  }, 60_000);

  test("[L18] [L20] Redis killed while people write: when it is back every store shows everything by itself", async () => {
    const { redis, fleet } = await joinedFleet(2);
    await using _redis = redis;
    await using _fleet = fleet;
    const [first, second] = fleet.nodes;
    if (first === undefined || second === undefined) throw new Error("Two nodes are needed");
    await using ada = await Guest.join(first, "ada");
    await using ben = await Guest.join(second, "ben");
    const id = await ada.begin([ben]);
    await ada.say(id, "before");
    await becomes("ben's store has it", () => ben.shown(id) > 0, 3_000);
    await redis.stop();
    for (let n = 0; n < 10; n++) await ada.say(id, `in between ${n}`);
    const group = await ben.begin([ada]);
    redis.start();
    const { conversation } = await ada.person.api.call("getConversation", { conversationId: id });
    await becomes("ben's store has it all", () => ben.shown(id) === conversation.pts, 15_000);
    await becomes("ada's store has the new one", () => ada.shown(group) >= 0, 15_000);
    await ben.say(id, "afterwards");
    await becomes("pushes go again", () => ada.texts().includes("afterwards"), 10_000);
  }, 60_000);

  test("[L13] every request of a connection may reach another node, over events and over polls", async () => {
    const { redis, fleet } = await joinedFleet(3);
    await using _redis = redis;
    await using _fleet = fleet;
    using balancer = startRoundRobin(await Promise.all(fleet.nodes.map(({ url }) => url)));
    const [, , third] = fleet.nodes;
    if (third === undefined) throw new Error("Three nodes are needed");
    await using ben = await Guest.join(third, "ben");
    await using ada = await Guest.join(third, "ada");
    const id = await ben.begin([ada]);
    const heard = new Map<string, string[]>();
    const clients = [HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling].map((transport) => {
      const client = new HubConnectionBuilder()
        .withUrl(`${balancer.address}/hubs/chat`, {
          transport,
          accessTokenFactory: () => ada.person.api.accessToken(),
        })
        .configureLogging(LogLevel.None)
        .build();
      const texts: string[] = [];
      heard.set(HttpTransportType[transport], texts);
      client.on("ReceiveMessage", ({ text }) => texts.push(text));
      return client;
    });
    await Promise.all(clients.map((client) => client.start()));
    const all = Array.from({ length: 10 }, (_, n) => `message ${n}`);
    for (const [n, text] of all.entries()) {
      if (n % 2 === 0) await ben.say(id, text);
      else
        await clients[n % 4 === 1 ? 0 : 1]?.invoke("SendMessage", {
          conversationId: id,
          text,
          clientMessageId: newClientMessageId(),
        });
    }
    for (const texts of heard.values()) {
      await becomes("everything was heard", () => texts.length === all.length, 5_000);
      expect(texts.toSorted()).toEqual(all);
    }
    expect(balancer.counts.other).toBeGreaterThan(balancer.counts.own);
    await Promise.all(clients.map((client) => client.stop()));
  }, 60_000);
});
