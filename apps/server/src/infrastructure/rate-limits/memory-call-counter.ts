import type { RateLimit, RateLimitKey, RateLimitName, RateLimits } from "@hubbub/contract";
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { CallCounter, Callers } from "../../ports/call-counter.ts";

/** Seconds after which a burst may be had again. */
const BURST_EVERY = 60;

/** The address first: whoever it stops makes no entries for the names of accounts. */
const ORDER: readonly RateLimitKey[] = ["address", "account", "user"];

interface Cell {
  readonly key: RateLimitKey;
  readonly limiter: Pick<RateLimiterMemory, "consume">;
}

function limiterOf({ calls, seconds, burst }: RateLimit): Cell["limiter"] {
  const steady = new RateLimiterMemory({ points: calls, duration: seconds });
  if (burst === undefined || burst <= calls) return steady;
  return new BurstyRateLimiter(steady, new RateLimiterMemory({ points: burst - calls, duration: BURST_EVERY }));
}

/** Counts what reaches this process. */
export class MemoryCallCounter implements CallCounter {
  readonly #cells: ReadonlyMap<string, readonly Cell[]>;

  constructor(table: RateLimits) {
    this.#cells = new Map(
      Object.entries(table).map(([name, limits]) => [
        name,
        ORDER.flatMap((key) => {
          const limit = limits[key];
          return limit === undefined ? [] : [{ key, limiter: limiterOf(limit) }];
        }),
      ]),
    );
  }

  async count(name: RateLimitName, callers: Callers, calls: number): Promise<number> {
    for (const { key, limiter } of this.#cells.get(name) ?? []) {
      const who = callers[key];
      if (who === undefined) continue;
      try {
        await limiter.consume(who, calls);
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
        throw refusal;
      }
    }
    return 0;
  }
}
