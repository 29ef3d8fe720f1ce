import { Health } from "../health.ts";
import { RedisPing } from "../infrastructure/redis/redis-ping.ts";
import type { Parts } from "./parts.ts";
import type { Storage } from "./storage.ts";

/**
 * Redis and the store of media are no needed parts: without the one nodes hear of each other by the database, without the
 * other everything but media goes on, and none of the nodes should be turned away from.
 */
export function createHealth(
  { config, outbox, blobs }: Parts,
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
    useful: { media: () => blobs.check(), ...(redis !== undefined && { redis: () => redis.ping() }) },
  });
  return { health, redis };
}
