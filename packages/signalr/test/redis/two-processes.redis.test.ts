import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRedis } from "../../../../scripts/services.ts";
import { until } from "../../src/testing/contract-node.ts";
import { startRedis, type TestRedis } from "../../src/testing/redis-server.ts";
import { connectTo, settle, stopAll } from "./nodes-client.ts";
import { type NodeProcess, startProcess } from "./start-process.ts";

const program = requireRedis() ?? "";

setDefaultTimeout(20_000);

describe.skipIf(program === "")("two processes on one Redis", () => {
  let folder = "";
  let redis: TestRedis;
  let nodes: readonly [NodeProcess, NodeProcess];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "signalr-nodes-"));
    redis = await startRedis(program);
    const variables = { REDIS_SOCKET: redis.path };
    nodes = await Promise.all([startProcess("bun", folder, variables), startProcess("node", folder, variables)]);
  });

  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await redis[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const connect = (index: 0 | 1, token = "", withMessagePack = false) =>
    connectTo(`${nodes[index].address}/nodes`, token, withMessagePack);

  test("[B2][B3] official clients on Bun and on Node, with JSON and MessagePack, hear each other", async () => {
    const clients = await Promise.all([
      connect(0, "ada"),
      connect(0, "bob", true),
      connect(1, "bob"),
      connect(1, "", true),
    ]);
    const [a1, a2, b1, b2] = clients;
    await a1.hub.invoke("Add", a1.id, "g");
    await a1.hub.invoke("Add", b1.id, "g");
    await b1.hub.invoke("Add", a2.id, "g");
    await b2.hub.invoke("Others", { text: "é 👋", list: [1.5, null] });
    await a1.hub.invoke("Group", "g", "to g");
    await b1.hub.invoke("OthersInGroup", "g", "but me");
    await b2.hub.invoke("User", "bob", "to bob");
    await a2.hub.invoke("Connection", b2.id, "to one");
    await b2.hub.invoke("Remove", a2.id, "g");
    await b2.hub.invoke("Group", "g", "without a2");
    const object = { text: "é 👋", list: [1.5, null] };
    const received = await settle(clients);
    expect(received.map((values) => values.map(String).toSorted())).toEqual(
      [
        [object, "to g", "but me", "without a2"],
        [object, "to g", "but me", "to bob"],
        [object, "to g", "to bob", "without a2"],
        ["to one"],
      ].map((values) => values.map(String).toSorted()),
    );
    expect(received[1]).toContainEqual(object);
    await stopAll(clients);
  });

  test("[B2] everyone receives what each sender sent in the sender's order", async () => {
    const clients = await Promise.all([connect(0), connect(0, "", true), connect(1), connect(1, "", true)]);
    for (const { hub, id } of clients) await hub.invoke("Add", id, "order");
    const count = 300;
    for (let index = 0; index < count; index++) {
      for (const [sender, { hub }] of clients.entries()) void hub.send("Group", "order", `${sender} ${index}`);
      if (index % 20 === 0) await Bun.sleep(1);
    }
    const expected = Array.from({ length: count }, (_, index) => index);
    for (const received of await settle(clients)) {
      for (const sender of clients.keys()) {
        const own = received.map((value) => String(value).split(" ")).filter(([from]) => from === String(sender));
        expect(own.map(([, index]) => Number(index))).toEqual(expected);
      }
    }
    await stopAll(clients);
  });

  test("[B4] clients of the other process are asked for results", async () => {
    for (const withMessagePack of [false, true]) {
      const clients = await Promise.all([connect(0, "", withMessagePack), connect(1, "", withMessagePack)]);
      const [a, b] = clients;
      for (const [asking, asked] of [
        [a, b],
        [b, a],
        [a, a],
      ] as const) {
        expect(await asking.hub.invoke("Ask", asked.id, "well")).toBe("well!");
        expect(await asking.hub.invoke("Ask", asked.id, "boom")).toContain("client boom");
      }
      expect(await a.hub.invoke("Ask", "nobody", "well")).toBe("error: Connection 'nobody' does not exist.");
      const hanging = a.hub.invoke("Ask", b.id, "hang");
      await Bun.sleep(50);
      await b.hub.stop();
      expect(await hanging).toBe("error: Connection disconnected.");
      await a.hub.stop();
    }
  });

  test("[B5] Redis stops and starts under connected clients", async () => {
    const clients = await Promise.all([connect(0), connect(1)]);
    const [a, b] = clients;
    await a.hub.invoke("Add", b.id, "g");
    await redis.stop();
    await a.hub.invoke("All", "only here");
    expect(a.received.splice(0)).toEqual(["only here"]);
    redis.start();
    await until(() => {
      void a.hub.send("Group", "g", "again");
      void b.hub.send("Connection", a.id, "again");
      return a.received.includes("again") && b.received.includes("again");
    }, 10_000);
    await settle(clients);
    await a.hub.invoke("Group", "g", "as ever");
    expect(await settle(clients)).toEqual([[], ["as ever"]]);
    await stopAll(clients);
  });

  test("[B6] a frozen Redis leaves senders and their neighbours alone", async () => {
    const clients = await Promise.all([connect(0), connect(0, "", true), connect(1)]);
    const [a, neighbour] = clients;
    redis.freeze();
    const start = performance.now();
    for (let index = 0; index < 100; index++) await a.hub.invoke("All", index);
    expect(performance.now() - start).toBeLessThan(1000);
    await until(() => neighbour.received.length === 100);
    await Bun.sleep(1500);
    redis.thaw();
    await until(() => {
      void a.hub.send("All", "thawed");
      return clients.every(({ received }) => received.includes("thawed"));
    }, 10_000);
    await stopAll(clients);
  });

  test("[B5] a process that is killed costs its own clients only", async () => {
    const extra = await startProcess("bun", folder, { REDIS_SOCKET: redis.path });
    const gone = await connectTo(`${extra.address}/nodes`, "eve");
    const a = await connect(0);
    await a.hub.invoke("Add", gone.id, "g");
    const hanging = a.hub.invoke("Ask", gone.id, "hang");
    await Bun.sleep(50);
    await extra.kill();
    await gone.hub.stop();
    await Bun.sleep(50);
    expect(await a.hub.invoke("Ask", gone.id, "well")).toBe(`error: Connection '${gone.id}' does not exist.`);
    await a.hub.invoke("User", "eve", "into the void");
    await a.hub.invoke("All", "still here");
    expect(a.received).toContain("still here");
    expect(await hanging).toBe(`error: The node of connection '${gone.id}' is lost.`);
    await a.hub.stop();
  });
});
