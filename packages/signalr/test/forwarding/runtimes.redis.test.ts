import { afterAll, beforeAll, describe, setDefaultTimeout } from "bun:test";
import { join } from "node:path";
import { requireRedis } from "../../../../scripts/services.ts";
import { startRedis, type TestRedis } from "../../src/testing/redis-server.ts";
import { joinedBy } from "../joined.ts";
import { startOnNode } from "../node/start-node.ts";
import { startNodes, tokenKey } from "./contract-nodes.ts";
import { bodies, identity, unread } from "./forwarding-contract.ts";

const program = requireRedis();

setDefaultTimeout(30_000);

describe.skipIf(program === undefined)("a node on Bun and one on Node", () => {
  let redis: TestRedis;
  let onBun: Awaited<ReturnType<typeof startNodes>>;
  let onNode: Awaited<ReturnType<typeof startOnNode>>;
  beforeAll(async () => {
    redis = await startRedis(program ?? "");
    const joined = { REDIS_SOCKET: redis.path, TOKEN_KEY: tokenKey };
    const { backplane } = joinedBy(joined);
    onBun = await startNodes(1, backplane);
    onNode = await startOnNode(join(import.meta.dir, "../node/contract-server.ts"), joined);
  });
  afterAll(async () => {
    await onNode.stop();
    await onBun[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  const bun = () => onBun.nodes[0]?.address ?? "";
  for (const [owner, addresses] of [
    ["Bun", () => ({ a: bun(), b: onNode.address, c: onNode.address })],
    ["Node", () => ({ a: onNode.address, b: bun(), c: bun() })],
  ] as const) {
    describe(`a connection of the one on ${owner}`, () => {
      identity(addresses);
      bodies(addresses);
      unread(addresses);
    });
  }
});
