import { Health } from "../health.ts";
import { RedisPing } from "../infrastructure/redis/redis-ping.ts";
import type { Parts } from "./parts.ts";
import type { Storage } from "./storage.ts";

/** Redis is no needed part: without it nodes hear of each other by the database, and none of them should be turned away from. */
export function createHealth(
  { config, outbox }: Parts,
  { database }: Storage,
): { readonly health: Health; readonly redis: RedisPing | undefined } {
  const redis = config.redisUrl === undefined ? undefined : new RedisPing(config.redisUrl);
  const health = new Health({
    needed: {
      postgres: () => database.ping(),
      outbox: async () => {
        if (outbox.isStuck) throw new Error("An event has not come to an end for long");
      },
    },
    useful: redis === undefined ? {} : { redis: () => redis.ping() },
  });
  return { health, redis };
}
