import type { Timed, TimerWheel } from "../hub/timer-wheel.ts";

export interface PromiseLimits {
  /** Milliseconds for which a promise holds. */
  readonly timeout: number;
  /** How many hold at once: above it the oldest is broken, so that whoever asks for many shuts nobody out for long. */
  readonly maximum: number;
}

/** Which connections were promised at negotiate lately, by their tokens, the oldest first. */
export class PromisedConnections implements Timed {
  readonly #wheel: TimerWheel;
  readonly #limits: PromiseLimits;
  readonly #forget: (token: string) => void;
  /** When each was promised, in the wheel's milliseconds. */
  readonly #since = new Map<string, number>();

  /** @param forget told of every token in the end, whether it was taken up or not */
  constructor(wheel: TimerWheel, limits: PromiseLimits, forget: (token: string) => void) {
    this.#wheel = wheel;
    this.#limits = limits;
    this.#forget = forget;
  }

  add(token: string): void {
    const [oldest] = this.#since.keys();
    if (oldest === undefined) this.#wheel.schedule(this, this.#limits.timeout);
    else if (this.#since.size >= this.#limits.maximum) this.#end(oldest);
    this.#since.set(token, this.#wheel.now);
  }

  onTimer(now: number): number | null {
    for (const [token, since] of this.#since) {
      const left = since + this.#limits.timeout - now;
      if (left > 0) return left;
      this.#end(token);
    }
    return null;
  }

  #end(token: string): void {
    this.#since.delete(token);
    this.#forget(token);
  }
}
