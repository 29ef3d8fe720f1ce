/** Where time comes from. Tests give one they move by hand. */
export interface Clock {
  /** @returns milliseconds that never go backwards, from an arbitrary start */
  now(): number;
  /** Runs `task` every `milliseconds` until the returned function is called. */
  repeat(milliseconds: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  repeat(milliseconds, task) {
    const timer = setInterval(task, milliseconds);
    return () => clearInterval(timer);
  },
};
