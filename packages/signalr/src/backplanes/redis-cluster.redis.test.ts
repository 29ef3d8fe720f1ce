import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { requireRedis } from "../../../../scripts/services.ts";
import { backplaneContract } from "../testing/backplane-contract.ts";
import { ContractNode, until } from "../testing/contract-node.ts";
import { startRedisCluster, type TestCluster } from "../testing/redis-cluster-servers.ts";
import { TestClient } from "../testing/test-client.ts";
import type { BackplaneGap } from "./backplane.ts";
import { slotOf } from "./cluster-slots.ts";
import { redisBackplane } from "./redis.ts";

const program = requireRedis() ?? "";

test("[B8] channels belong to the slots of the cluster specification", () => {
  expect(slotOf("123456789")).toBe(0x31c3);
  expect([slotOf("foo"), slotOf("x{foo}y"), slotOf("{}foo") === slotOf("foo")]).toEqual([12_182, 12_182, false]);
});

describe.skipIf(program === "")("Redis cluster", () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await startRedisCluster(program);
  }, 20_000);
  afterAll(async () => cluster[Symbol.asyncDispose]());

  const backplane = (onMissed: (gap: BackplaneGap) => void = () => undefined) => {
    const { port } = cluster.servers[0];
    // Every test has channels of its own.
    const channelPrefix = `${crypto.randomUUID()}:`;
    return redisBackplane({
      redis: `redis://127.0.0.1:${port}`,
      channelPrefix,
      acknowledgeTimeout: 200,
      sharded: true,
      onMissed,
    });
  };

  backplaneContract("sharded channels", async () => ({
    backplane: backplane(),
    disorder: 30,
    [Symbol.asyncDispose]: async () => undefined,
  }));

  test("[B8] both servers carry channels, and channels follow their slots to another server", async () => {
    const gaps: BackplaneGap[] = [];
    const factory = backplane((gap) => gaps.push(gap));
    const [a, b] = [new ContractNode(factory), new ContractNode(factory)];
    await Promise.all([a.backplane.ready, b.backplane.ready]);
    const there = await b.connect(new TestClient("b1"));
    const groups = Array.from({ length: 20 }, (_, index) => `g${index}`);
    for (const group of groups) await a.backplane.addToGroup("b1", group);
    const channelsOf = async (server: 0 | 1) =>
      (await cluster.servers[server].client.pubsub("SHARDCHANNELS", "*:/contract:group:*")).map(String);
    const [ofFirst, ofSecond] = [await channelsOf(0), await channelsOf(1)];
    expect(ofFirst.length).toBeGreaterThan(0);
    expect(ofSecond.length).toBeGreaterThan(0);
    expect(ofFirst.length + ofSecond.length).toBe(20);

    const moving = ofFirst[0] ?? "";
    const group = moving.slice(moving.lastIndexOf(":") + 1);
    for (const { client } of [cluster.servers[1], cluster.servers[0]]) {
      await client.call("CLUSTER", "SETSLOT", slotOf(moving), "NODE", cluster.servers[1].id);
    }
    await until(() => {
      a.clients.group(group).send("Message", "moved");
      return there.received.includes("moved");
    });
    expect(await channelsOf(0)).not.toContain(moving);
    expect(await channelsOf(1)).toContain(moving);
    await until(() => gaps.length > 0);
    there.take();
    a.clients.groups(groups).send("Message", "all");
    await until(() => there.received.filter((value) => value === "all").length === 20);
    await Promise.all([a.backplane.close(), b.backplane.close()]);
  });
});
