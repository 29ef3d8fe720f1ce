import { type Clock, systemClock } from "./clock.ts";
import { HubError } from "./hub-error.ts";
import type { HubFilter } from "./hub-filter.ts";
import type { HubConnection, HubTypes } from "./hub-types.ts";

/** How often a connection may call. */
export interface RateLimit {
  /** How many calls a connection may make at once after a pause. */
  readonly burst: number;
  /** How many calls a second it may make in the long run. */
  readonly perSecond: number;
  /** The methods that count together, in any case. Default all. */
  readonly methods?: readonly string[];
  /** What a caller is told who may not call now. Default `Too many calls.` */
  readonly error?: string;
  /** Where time comes from. Default `systemClock`. */
  readonly clock?: Clock;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * Bounds how often each connection may call: a bucket of tokens that fills at a steady rate (rule D11).
 * @typeParam Types what the hub was defined with
 * @param limit how often
 * @returns a filter, which throws a HubError for a call above the limit
 */
export function rateLimit<Types extends HubTypes>(limit: RateLimit): HubFilter<Types> {
  const { burst, perSecond, error = "Too many calls.", clock = systemClock } = limit;
  const counted = limit.methods === undefined ? undefined : new Set(limit.methods.map((name) => name.toLowerCase()));
  const buckets = new WeakMap<HubConnection<Types>, Bucket>();
  return (call, args, next) => {
    if (counted !== undefined && !counted.has(call.target.toLowerCase())) return next(args);
    const now = clock.now();
    const bucket = buckets.get(call.connection) ?? { tokens: burst, filledAt: now };
    buckets.set(call.connection, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond);
    bucket.filledAt = now;
    if (bucket.tokens < 1) throw new HubError(error);
    bucket.tokens--;
    return next(args);
  };
}
