import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpTransportType, type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { requireRedis } from "../../../../scripts/services.ts";
import { startRedis, type TestRedis } from "../../src/testing/redis-server.ts";
import { type NodeProcess, startProcess } from "../redis/start-process.ts";
import { handshake, invocation, PlainClient, tokenKey } from "./contract-nodes.ts";
import { type RoundRobin, startRoundRobin } from "./round-robin.ts";

const program = requireRedis();

setDefaultTimeout(40_000);

const transports = ["ServerSentEvents", "LongPolling"] as const;

/** A client whose requests come to all nodes of a balancer. */
async function connect(balancer: RoundRobin, transport: (typeof transports)[number], reconnects = false) {
  const builder = new HubConnectionBuilder()
    .withUrl(`${balancer.address}/nodes`, {
      transport: HttpTransportType[transport],
      accessTokenFactory: () => "ada",
    })
    .configureLogging(LogLevel.None);
  if (reconnects) builder.withAutomaticReconnect(Array.from({ length: 100 }, () => 200));
  const client = builder.build();
  await client.start();
  await client.invoke("Echo", 1);
  return client;
}

/** @returns how many milliseconds pass until a client is closed */
function timeToClose(client: HubConnection): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => client.onclose(() => resolve(performance.now() - start)));
}

describe.skipIf(program === undefined)("nodes of their own processes, on Bun and on Node", () => {
  let folder = "";
  let redis: TestRedis;
  let nodes: readonly [NodeProcess, NodeProcess];
  const startNode = (runtime: "bun" | "node") =>
    startProcess(runtime, folder, { REDIS_SOCKET: redis.path, TOKEN_KEY: tokenKey });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "signalr-forwarding-"));
    redis = await startRedis(program ?? "");
    nodes = await Promise.all([startNode("bun"), startNode("node")]);
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await redis[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  for (const runtime of ["bun", "node"] as const) {
    test(`[F4] clients behind other nodes learn within ten seconds that their node on ${runtime} was killed`, async () => {
      const extra = await startNode(runtime);
      using balancer = startRoundRobin([extra.address, ...nodes.map(({ address }) => address)]);
      const clients = await Promise.all(transports.map((transport) => connect(balancer, transport)));
      // Whatever turn the balancer is at, the stream and the poll that wait are another node's.
      const closed = clients.map(timeToClose);
      await extra.kill();
      for (const time of await Promise.all(closed)) expect(time).toBeLessThan(10_000);
      expect(clients.map(({ state }) => String(state))).toEqual(["Disconnected", "Disconnected"]);
    });

    test(`[F5] what a poll took along to a node that was killed, on ${runtime}, ends the connection`, async () => {
      const extra = await startNode(runtime);
      const [owner, other] = nodes.map(({ address }) => address);
      if (owner === undefined || other === undefined) throw new Error("There are two.");
      const client = await PlainClient.negotiate(owner, "/nodes");
      await client.poll(other);
      await client.post(other, handshake);
      expect(await client.poll(other)).toBe("{}\x1e");
      const poll = client.poll(extra.address).catch(() => "broken");
      await Bun.sleep(200);
      await extra.kill();
      expect(await poll).toBe("broken");
      await client.post(other, invocation("All", "lost"));
      // Either it waits still, or the client learns that something is missing; it must not wait for more in vain.
      expect(String(await client.poll(other))).toMatch(/^204$|^No Connection|"lost"/);
    });
  }

  test("[F4] a lost Redis ends what goes between nodes, is told as 503, and is come back from", async () => {
    using balancer = startRoundRobin(nodes.map(({ address }) => address));
    const [owner, other] = nodes.map(({ address }) => address);
    if (owner === undefined || other === undefined) throw new Error("There are two.");
    const listening = await connect(balancer, "ServerSentEvents", true);
    const polling = await connect(balancer, "LongPolling", true);
    const noticed = new Promise((resolve) => listening.onreconnecting(resolve));
    const plain = await PlainClient.negotiate(owner, "/nodes");
    await plain.poll(owner);
    await redis.stop();
    const answer = await plain.request(other);
    expect([answer.status, await answer.text()]).toEqual([503, "The node of this connection cannot be reached."]);
    await plain.post(owner, handshake);
    expect(await plain.poll(owner)).toBe("{}\x1e");
    redis.start();
    await noticed;
    for (const client of [listening, polling]) {
      // A poll that waited at the connection's own node noticed nothing.
      while ((await client.invoke("Echo", "as ever").catch(() => null)) !== "as ever") await Bun.sleep(50);
      await client.stop();
    }
  });
});
