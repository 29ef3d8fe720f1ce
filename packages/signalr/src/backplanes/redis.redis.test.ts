import { expect, test } from "bun:test";
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { Redis } from "ioredis";
import { startBunServer } from "../../test/bun-server.ts";
import { defineHub } from "../hub/hub.ts";
import { hasRedis, startRedis } from "../testing/redis-server.ts";
import { redisBackplane } from "./redis.ts";

interface Types {
  readonly user: undefined;
  readonly events: { readonly Message: unknown; readonly Ask: string };
}

const hub = defineHub<Types>()({
  path: "/nodes",
  authenticate: async (_request, { token = "" }) => ({ userId: token, user: undefined }),
  methods: { Echo: (_call, value) => value },
});

/** Two nodes of one hub on one Redis, and clients on them that note what they are sent. */
async function setup() {
  const redis = await startRedis();
  const connect = () => {
    const client = new Redis({ path: redis.path, retryStrategy: () => 50, maxRetriesPerRequest: null });
    // Without a listener each failed attempt to connect is printed.
    return client.on("error", () => undefined);
  };
  const startNode = async () => {
    const [publisher, subscriber] = [connect(), connect()];
    const backplane = redisBackplane({ publisher, subscriber, channelPrefix: "test:", acknowledgeTimeout: 300 });
    const server = startBunServer({ hubs: [hub], backplane });
    const node = server.signalr.hub(hub);
    await node.ready;
    return {
      node,
      async join(token = "", withMessagePack = false) {
        const builder = new HubConnectionBuilder()
          .withUrl(`${server.address}/nodes`, { accessTokenFactory: () => token })
          .configureLogging(LogLevel.None);
        const client = (withMessagePack ? builder.withHubProtocol(new MessagePackHubProtocol()) : builder).build();
        const received: unknown[] = [];
        client.on("Message", (value) => received.push(value));
        await client.start();
        await client.invoke("Echo", 0);
        return { client, received, id: client.connectionId ?? "" };
      },
      async stop() {
        await server[Symbol.asyncDispose]();
        publisher.disconnect();
        subscriber.disconnect();
      },
    };
  };
  const nodes = await Promise.all([startNode(), startNode()]);
  return {
    redis,
    nodes,
    async [Symbol.asyncDispose]() {
      for (const node of nodes) await node.stop();
      await redis[Symbol.asyncDispose]();
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 4000;
  while (!condition() && Date.now() < end) await Bun.sleep(5);
  expect(condition()).toBe(true);
}

const redisTest = hasRedis() ? test : test.skip;

redisTest("[B2][B3] sends of every kind reach the connections of all nodes, less the excluded, in order", async () => {
  await using setting = await setup();
  const [a, b] = setting.nodes;
  const clients = [await a.join("ada"), await b.join("bob"), await b.join("bob", true)];
  const [ada, bob, binary] = clients;
  if (ada === undefined || bob === undefined || binary === undefined) throw new Error("Unreachable: three clients.");
  for (const { id } of clients) await a.node.addToGroup(id, "room");
  const sends = a.node.clients;
  for (let index = 0; index < 50; index++) sends.group("room").send("Message", index);
  await until(() => clients.every(({ received }) => received.length === 50));
  for (const { received } of clients) {
    expect(received).toEqual(Array.from({ length: 50 }, (_, index) => index));
    received.length = 0;
  }
  sends.all.send("Message", "all");
  sends.allExcept([bob.id]).send("Message", "not bob");
  sends.groupExcept("room", [ada.id, binary.id]).send("Message", "bob");
  sends.users(["bob"]).send("Message", "user");
  sends.connections([binary.id, ada.id]).send("Message", "connections");
  const sorted = ({ received }: { received: unknown[] }) => received.map(String).toSorted();
  await until(() => ada.received.length === 3 && bob.received.length === 3 && binary.received.length === 4);
  expect(sorted(ada)).toEqual(["all", "connections", "not bob"]);
  expect(sorted(bob)).toEqual(["all", "bob", "user"]);
  expect(sorted(binary)).toEqual(["all", "connections", "not bob", "user"]);
  await a.node.removeFromGroup(bob.id, "room");
  sends.group("room").send("Message", "without bob");
  await until(() => binary.received.includes("without bob"));
  expect(bob.received).toHaveLength(3);
  await expect(a.node.addToGroup("nobody", "room")).rejects.toThrow("No node has answered");
  for (const { client } of clients) await client.stop();
});

redisTest("[B4] results of clients of other nodes", async () => {
  await using setting = await setup();
  const [a, b] = setting.nodes;
  const there = await b.join("", true);
  there.client.on("Ask", (question: string) => {
    if (question === "boom") throw new Error("client boom");
    return question === "hang" ? new Promise(() => undefined) : `${question}!`;
  });
  const ask = (id: string, question: string) =>
    a.node.clients
      .connection(id)
      .invoke("Ask", question)
      .catch((error: Error) => error.message);
  expect(await ask(there.id, "well")).toBe("well!");
  expect(await ask(there.id, "boom")).toContain("client boom");
  expect(await ask("nobody", "well")).toBe("Connection 'nobody' does not exist.");
  const hanging = ask(there.id, "hang");
  await Bun.sleep(50);
  await there.client.stop();
  expect(await hanging).toBe("Connection disconnected.");
});

redisTest("[B5] Redis stops and starts: connections stay, and messages flow again", async () => {
  await using setting = await setup();
  const [a, b] = setting.nodes;
  const there = await b.join();
  await a.node.addToGroup(there.id, "room");
  await setting.redis.stop();
  await Bun.sleep(100);
  setting.redis.start();
  const beat = setInterval(() => a.node.clients.group("room").send("Message", "again"), 20);
  await until(() => there.received.includes("again"));
  clearInterval(beat);
  expect(await there.client.invoke("Echo", 1)).toBe(1);
  await there.client.stop();
});
