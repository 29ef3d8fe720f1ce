import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { requireRedis } from "../../../../scripts/services.ts";
import { startRedis, type TestRedis } from "../../src/testing/redis-server.ts";
import { forwardedCombinations, titleOf } from "../official/combination.ts";
import { startFixture } from "../official/fixture.ts";
import { runUnderNode } from "../official/run-under-node.ts";
import { expectedOf } from "../official/scripts/index.ts";
import { tokenKey } from "./contract-nodes.ts";

const program = requireRedis();

/** One runtime negotiates, and two of three requests reach the other. */
describe.skipIf(program === undefined)("the official client, between nodes", () => {
  let redis: TestRedis;
  let fixture: Awaited<ReturnType<typeof startFixture>>;
  let lines: AsyncGenerator<string>;
  beforeAll(async () => {
    redis = await startRedis(program ?? "");
    fixture = await startFixture({ REDIS_SOCKET: redis.path, TOKEN_KEY: tokenKey });
    lines = runUnderNode(fixture.address, "forwarded");
  }, 30_000);
  afterAll(async () => {
    await lines.return(undefined);
    await fixture.stop();
    await redis[Symbol.asyncDispose]();
  });

  for (const combination of forwardedCombinations()) {
    test(`[F1] ${titleOf(combination)}`, async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error("The scripts ended early.");
      expect(JSON.parse(value)).toEqual(JSON.parse(JSON.stringify(expectedOf(combination))));
    }, 60_000);
  }
});
