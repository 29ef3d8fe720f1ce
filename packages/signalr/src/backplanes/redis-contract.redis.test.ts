import { describe } from "bun:test";
import { requireRedis } from "../../../../scripts/services.ts";
import { backplaneContract } from "../testing/backplane-contract.ts";
import { startRedis } from "../testing/redis-server.ts";
import { redisBackplane } from "./redis.ts";

const program = requireRedis();

describe.skipIf(program === undefined)("Redis", () => {
  for (const sharded of [false, true]) {
    backplaneContract(sharded ? "sharded channels" : "channels", async () => {
      const redis = await startRedis(program ?? "");
      return {
        backplane: redisBackplane({
          redis: { path: redis.path },
          channelPrefix: "test:",
          acknowledgeTimeout: 200,
          sharded,
        }),
        [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
      };
    });
  }
});
