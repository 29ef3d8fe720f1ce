/** Milliseconds. */
const first = 600;
const most = 20_000;

/**
 * How long to wait before trying again: doubled each time up to 20 s, and half of it random so that clients that lost
 * one server do not come back at one moment.
 * @param attempt failures so far in a row, from 1
 * @param random from 0 to below 1
 * @returns milliseconds
 */
export function retryDelay(attempt: number, random: number = Math.random()): number {
  const full = Math.min(most, first * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * random);
}
