/** Milliseconds on a clock that never goes back. */
export const now = (): number => performance.now();

/** Acts planned ahead: the i-th is due at a fixed moment, however late those before it were. */
export interface Schedule {
  readonly count: number;
  readonly perSecond: number;
}

/** @returns when the i-th act is due, of a schedule that began at `start` */
export function dueAt(start: number, index: number, { perSecond }: Schedule): number {
  return start + (index * 1000) / perSecond;
}

/**
 * Runs an open-loop load: acts that have become due are done at once, in order, and nothing waits for an answer.
 * @param start when the first act is due
 */
export async function onSchedule(start: number, schedule: Schedule, act: (index: number) => void): Promise<void> {
  for (let index = 0; index < schedule.count; ) {
    const wait = dueAt(start, index, schedule) - now();
    if (wait > 0) await Bun.sleep(Math.max(1, Math.floor(wait)));
    while (index < schedule.count && dueAt(start, index, schedule) <= now()) act(index++);
  }
}

/** Waits until something holds. @returns false when it still does not after so many milliseconds */
export async function holdsWithin(milliseconds: number, holds: () => boolean): Promise<boolean> {
  const until = now() + milliseconds;
  while (!holds()) {
    if (now() > until) return false;
    await Bun.sleep(5);
  }
  return true;
}

/** Does something `count` times, at most so many at once. */
export async function repeat(count: number, atOnce: number, task: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) await task(index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}
