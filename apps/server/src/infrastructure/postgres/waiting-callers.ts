import { Unavailable } from "../../ports/conversation-writer.ts";

/** Callers that may wait at once; more are turned away, as they would only time out. */
const MOST_WAITING = 20_000;
/** Milliseconds between looks for those whose patience has ended. */
const LOOK_MS = 500;

/** Someone who waits for an answer. */
export interface Caller {
  readonly reject: (error: unknown) => void;
}

/** Those who wait for one writer. They hear in time also while it is held up by a database that does not answer. */
export class WaitingCallers {
  /** In the order in which they came, with the time at which their patience ends, by the monotonic clock. */
  readonly #waiting = new Map<Caller, number>();
  readonly #patience: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param patience milliseconds until a caller is told that it did not work; what was asked may still happen [L6] */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** @returns false for a caller that was turned away */
  add(caller: Caller): boolean {
    if (this.#waiting.size >= MOST_WAITING) {
      caller.reject(new Unavailable("Too much is waiting to be written"));
      return false;
    }
    this.#waiting.set(caller, performance.now() + this.#patience);
    this.#timer ??= setTimeout(() => this.#look(), LOOK_MS);
    return true;
  }

  has(caller: Caller): boolean {
    return this.#waiting.has(caller);
  }

  /** It has its answer. */
  remove(caller: Caller): void {
    this.#waiting.delete(caller);
  }

  #look(): void {
    const now = performance.now();
    for (const [caller, expires] of this.#waiting) {
      if (expires > now) break;
      this.#waiting.delete(caller);
      caller.reject(new Unavailable());
    }
    this.#timer = this.#waiting.size === 0 ? undefined : setTimeout(() => this.#look(), LOOK_MS);
  }
}
