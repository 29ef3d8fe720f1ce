import { describe } from "bun:test";
import { requireRedis } from "../../../../scripts/services.ts";
import { redisBackplane } from "../../src/backplanes/redis.ts";
import { startRedis } from "../../src/testing/redis-server.ts";
import { forwardingContract } from "./forwarding-contract.ts";

const program = requireRedis();

describe.skipIf(program === undefined)("Redis", () => {
  for (const sharded of [false, true]) {
    forwardingContract(sharded ? "sharded channels" : "channels", async () => {
      const redis = await startRedis(program ?? "");
      return {
        backplane: redisBackplane({ redis: { path: redis.path }, channelPrefix: "test:", sharded }),
        [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
      };
    });
  }
});
