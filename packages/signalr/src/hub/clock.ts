/** Where time comes from. Tests give one they move by hand. */
export interface Clock {
  /**
   * Tells the time.
   * @returns milliseconds that never go backwards, from an arbitrary start
   */
  now(): number;
  /**
   * Runs a task over and over.
   * @param milliseconds from one run to the next
   * @param task must not throw
   * @returns what ends it
   */
  repeat(milliseconds: number, task: () => void): () => void;
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  repeat(milliseconds, task) {
    const timer = setInterval(task, milliseconds);
    return () => clearInterval(timer);
  },
};
