import type { RateLimitKey, RateLimitName } from "@hubbub/contract";

/** Whom a call is counted to, where it is known. */
export type Callers = Readonly<Record<RateLimitKey, string | undefined>>;

/** Counts calls against the table of limits. */
export interface CallCounter {
  /**
   * @param calls how many it counts as
   * @returns milliseconds to wait where these are too many, else 0
   */
  count(name: RateLimitName, callers: Callers, calls: number): Promise<number>;
}
