import { describe, expect, test } from "bun:test";
import { Redis } from "ioredis";
import { requireRedis } from "../../../../scripts/services.ts";
import { jsonProtocol } from "../protocol/json-protocol.ts";
import { ContractNode, until } from "../testing/contract-node.ts";
import { startRedis, type TestRedis } from "../testing/redis-server.ts";
import { readRedisRecordings } from "../testing/redis-vectors.ts";
import { TestClient } from "../testing/test-client.ts";
import type { BackplaneGap } from "./backplane.ts";
import { type RedisBackplaneOptions, redisBackplane } from "./redis.ts";

const program = requireRedis() ?? "";

/** Milliseconds after which these nodes take Redis for gone. */
const timeout = 400;

async function startNode(redis: TestRedis, options: Partial<RedisBackplaneOptions> = {}) {
  const gaps: BackplaneGap[] = [];
  const onMissed = (gap: BackplaneGap) => gaps.push(gap);
  const factory = redisBackplane({
    redis: { path: redis.path },
    timeout,
    acknowledgeTimeout: 5000,
    onMissed,
    ...options,
  });
  const node = new ContractNode(factory);
  await node.backplane.ready;
  return Object.assign(node, { gaps, [Symbol.asyncDispose]: () => node.backplane.close() });
}

async function openSpy(redis: TestRedis): Promise<Redis> {
  const spy = new Redis({ path: redis.path, retryStrategy: () => 20, maxRetriesPerRequest: null });
  spy.on("error", () => undefined);
  await spy.ping();
  return spy;
}

const hex = (text: string) => Buffer.from(text).toString("hex");

describe.skipIf(program === "")("Redis", () => {
  test("[B1] the bytes on the wire are the reference's, the channel prefix is on channels only", async () => {
    await using redis = await startRedis(program);
    await using a = await startNode(redis, { channelPrefix: "pre:", hubName: () => "Vectors.Chat" });
    await using b = await startNode(redis, { channelPrefix: "pre:", hubName: () => "Vectors.Chat" });
    const client = await b.connect(new TestClient("b1", "bob"));
    client.onAsked = ({ invocationId = "" }) =>
      queueMicrotask(() => b.local.results.complete("b1", invocationId, { kind: "result", result: "yes" }));
    const spy = await openSpy(redis);
    const seen: [string, string][] = [];
    spy.on("pmessageBuffer", (_pattern: string, channel: Buffer, payload: Buffer) =>
      seen.push([channel.toString(), payload.toString("hex")]),
    );
    await spy.psubscribe("*");
    a.clients.allExcept(["a1"]).send("Message", "hi");
    await a.backplane.addToGroup("b1", "g");
    await a.clients.connection("b1").invoke("Ask", "q");
    await until(() => seen.length === 5);
    const text = '{"type":1,"target":"Message","arguments":["hi"]}\x1e';
    expect(seen[0]).toEqual([
      "pre:Vectors.Chat:all",
      `9291a2613182a46a736f6ec4${text.length.toString(16)}${hex(text)}ab6d6573736167657061636bc41211960180c0a74d65737361676591a2686990`,
    ]);
    const server = /^pre:Vectors\.Chat:internal:ack:(.+_[0-9a-f]{32})$/.exec(seen[2]?.[0] ?? "")?.[1] ?? "";
    const name = `d9${server.length.toString(16)}${hex(server)}`;
    expect(seen[1]).toEqual(["pre:Vectors.Chat:internal:groups", `9501${name}01a167a26231`]);
    expect(seen[2]?.[1]).toBe("9101");
    expect(seen[3]?.[0]).toBe("pre:Vectors.Chat:connection:b1");
    expect(seen[3]?.[1]).toEndWith(hex(`Vectors.Chat:internal:return:${server}`));
    expect(seen[3]?.[1]).not.toContain(hex("pre:"));
    expect(seen[4]?.[0]).toBe(`pre:Vectors.Chat:internal:return:${server}`);
    expect(seen[4]?.[1]).toStartWith(`92a46a736f6ec4`);
    spy.disconnect();
  });

  test("[B1][S5] events of no argument and of two are published byte for byte as they were recorded", async () => {
    await using redis = await startRedis(program);
    const factory = redisBackplane({ redis: { path: redis.path }, hubName: () => "Vectors.Chat" });
    const nodes = { json: new ContractNode(factory, [jsonProtocol]), "both-jj": new ContractNode(factory) };
    await Promise.all(Object.values(nodes).map(({ backplane }) => backplane.ready));
    const spy = await openSpy(redis);
    const published: string[] = [];
    spy.on("messageBuffer", (_channel: Buffer, payload: Buffer) => published.push(payload.toString("hex")));
    await spy.subscribe("Vectors.Chat:all");
    const [withJson, withBoth] = ["json:", "both-jj:"].map((name) => {
      const vectors = readRedisRecordings().find(({ title }) => title.startsWith(name))?.vectors ?? [];
      return vectors.filter(({ title }) => /no arguments|object\+double/.test(title));
    });
    nodes.json.clients.all.send("ping");
    nodes.json.clients.all.send("obj", { name: "n", count: 3, ok: true, nil: null }, 1.5);
    nodes["both-jj"].clients.all.send("ping");
    await until(() => published.length === 3);
    // In MessagePack the reference writes the same properties with other names.
    const recorded = [...(withJson ?? []), ...(withBoth?.slice(0, 1) ?? [])];
    expect(published).toEqual(recorded.map(({ payload }) => payload.toString("hex")));
    spy.disconnect();
    await Promise.all(Object.values(nodes).map(({ backplane }) => backplane.close()));
  });

  test("[B7] a channel is listened to from the first use to the last", async () => {
    await using redis = await startRedis(program);
    await using node = await startNode(redis, { hubName: () => "Hub" });
    const spy = await openSpy(redis);
    const channels = async () =>
      (await spy.pubsub("CHANNELS", "*")).map(String).filter((name) => !name.includes(":internal:"));
    const clients = [new TestClient("c1", "ada"), new TestClient("c2", "ada"), new TestClient("c3")];
    for (const client of clients) await node.connect(client);
    for (const { id } of clients) await node.backplane.addToGroup(id, "g");
    const connections = ["Hub:connection:c1", "Hub:connection:c2", "Hub:connection:c3"];
    expect((await channels()).toSorted()).toEqual(["Hub:all", ...connections, "Hub:group:g", "Hub:user:ada"]);
    const [first, second, third] = clients;
    if (first === undefined || second === undefined || third === undefined) throw new Error("Unreachable.");
    node.local.remove(first);
    await node.backplane.removeFromGroup("c3", "g");
    await Bun.sleep(20);
    expect((await channels()).toSorted()).toEqual(["Hub:all", ...connections.slice(1), "Hub:group:g", "Hub:user:ada"]);
    node.local.remove(second);
    await Bun.sleep(20);
    expect((await channels()).toSorted()).toEqual(["Hub:all", "Hub:connection:c3"]);
    await node.backplane.close();
    expect(await channels()).toEqual([]);
    spy.disconnect();
  });

  test("[B5] Redis stops and starts: what is here goes on, then deliveries do, and the gap is told", async () => {
    await using redis = await startRedis(program);
    await using a = await startNode(redis);
    await using b = await startNode(redis);
    const [here, there] = [await a.connect(new TestClient("a1")), await b.connect(new TestClient("b1", "bob"))];
    await a.backplane.addToGroup("a1", "g");
    await a.backplane.addToGroup("b1", "g");
    const hanging = a.clients.connection("b1").invoke("Ask", "q");
    await Bun.sleep(20);
    const before = Date.now();
    await redis.stop();
    await expect(hanging).rejects.toThrow("The connection to the other nodes was lost.");
    a.clients.group("g").send("Message", "early");
    expect(here.take()).toEqual(["early"]);
    await Bun.sleep(2 * timeout);
    const late = await a.connect(new TestClient("a2"));
    await a.backplane.addToGroup("a2", "late");
    a.clients.group("g").send("Message", "lost");
    expect(here.take()).toEqual(["lost"]);
    expect([a.gaps, b.gaps]).toEqual([[], []]);
    redis.start();
    await until(() => a.gaps.length === 1 && b.gaps.length === 1);
    expect(a.gaps).toMatchObject([{ path: "/contract", failedPublications: 2 }]);
    expect(b.gaps).toMatchObject([{ failedPublications: 0 }]);
    expect(a.gaps[0]?.from).toBeLessThanOrEqual(before + 50);
    expect(a.gaps[0]?.until).toBeGreaterThanOrEqual(before + 2 * timeout);
    a.clients.group("g").send("Message", "again");
    a.clients.user("bob").send("Message", "and again");
    b.clients.group("late").send("Message", "to who came meanwhile");
    await until(() => there.received.length === 2 && late.received.length === 1);
    expect([here.take(), there.take()]).toEqual([["again"], ["again", "and again"]]);
    expect([a.gaps.length, b.gaps.length]).toEqual([1, 1]);
  });

  test("[B5] a short absence delays what is sent meanwhile, and keeps its order", async () => {
    await using redis = await startRedis(program);
    await using a = await startNode(redis, { timeout: 5000 });
    await using b = await startNode(redis, { timeout: 5000 });
    const [here, there] = [await a.connect(new TestClient("a1")), await b.connect(new TestClient("b1"))];
    await redis.stop();
    await Bun.sleep(20);
    const sent = Array.from({ length: 50 }, (_, index) => index);
    for (const index of sent) a.clients.all.send("Message", index);
    redis.start();
    await until(() => a.gaps.length === 1 && b.gaps.length === 1);
    a.clients.all.send("Message", "end");
    await until(() => there.received.includes("end"));
    expect(here.take()).toEqual([...sent, "end"]);
    // What arrived before the other node listened again is lost.
    const received = there.take().slice(0, -1);
    expect(received).toEqual(sent.slice(sent.length - received.length));
    expect(a.gaps[0]?.failedPublications).toBe(0);
  });

  test("[B6] a frozen Redis holds up nobody, and is found out", async () => {
    await using redis = await startRedis(program);
    await using a = await startNode(redis, { maximumPending: 10_000 });
    await using b = await startNode(redis);
    const [here, there] = [await a.connect(new TestClient("a1")), await b.connect(new TestClient("b1"))];
    redis.freeze();
    const start = performance.now();
    const sent = Array.from({ length: 2000 }, (_, index) => index);
    for (const index of sent) a.clients.all.send("Message", index);
    expect(performance.now() - start).toBeLessThan(timeout);
    expect(here.take()).toEqual(sent);
    const asked = a.clients.connection("b1").invoke("Ask", "q").catch(String);
    const changed = a.backplane.addToGroup("b1", "g").catch(String);
    await a.connect(new TestClient("a2"));
    await a.backplane.addToGroup("a2", "g");
    expect(await Promise.all([asked, changed])).toEqual([
      expect.stringContaining("The connection to the other nodes was lost."),
      expect.stringContaining("The connection to the other nodes was lost."),
    ]);
    expect(performance.now() - start).toBeLessThan(4 * timeout);
    redis.thaw();
    await until(() => a.gaps.length > 0 && b.gaps.length > 0);
    expect(a.gaps[0]?.failedPublications).toBeGreaterThan(1900);
    await until(() => {
      a.clients.group("g").send("Message", "in vain");
      b.clients.all.send("Message", "again");
      return here.received.includes("again") && there.received.includes("again");
    });
  });

  test("[B5] a node that begins without Redis serves its own, and joins when there is one", async () => {
    await using redis = await startRedis(program);
    await redis.stop();
    const gaps: BackplaneGap[] = [];
    const onMissed = (gap: BackplaneGap) => gaps.push(gap);
    const a = new ContractNode(redisBackplane({ redis: { path: redis.path }, timeout, onMissed }));
    const here = await a.connect(new TestClient("a1"));
    a.clients.all.send("Message", "alone");
    expect(here.take()).toEqual(["alone"]);
    redis.start();
    await a.backplane.ready;
    await using b = await startNode(redis);
    b.clients.connection("a1").send("Message", "joined");
    await until(() => here.received.length === 1);
    expect(here.take()).toEqual(["joined"]);
    await a.backplane.close();
  });

  test("[B6] a Redis that refuses to publish or to listen costs messages only", async () => {
    await using redis = await startRedis(program);
    const spy = await openSpy(redis);
    await spy.call("ACL", "SETUSER", "node", "on", "nopass", "+@all", "resetchannels", "&Hub:[^g]*");
    const gaps: BackplaneGap[] = [];
    const factory = redisBackplane({
      redis: { path: redis.path, username: "node", password: "any" },
      timeout,
      hubName: () => "Hub",
      onMissed: (gap) => gaps.push(gap),
    });
    const errors: string[] = [];
    const a = new ContractNode(factory, undefined, { onError: (message) => errors.push(message) });
    await using b = await startNode(redis, { hubName: () => "Hub" });
    await a.backplane.ready;
    const here = await a.connect(new TestClient("a1"));
    await a.backplane.addToGroup("a1", "g");
    for (let index = 0; index < 3; index++) a.clients.group("g").send("Message", "only here");
    b.clients.all.send("Message", "from there");
    await until(() => here.received.length === 4 && gaps.length === 1);
    expect(gaps).toMatchObject([{ failedPublications: 3 }]);
    expect(errors).toEqual(["Redis refused a subscription."]);
    await a.backplane.close();
    spy.disconnect();
  });
});
