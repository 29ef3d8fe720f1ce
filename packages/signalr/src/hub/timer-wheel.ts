import type { Clock } from "./clock.ts";

/** Something that wants to be looked at again after a while. */
export interface Timed {
  /**
   * Called when its time has come.
   * @param now the wheel's time in milliseconds
   * @returns milliseconds until the next look, or null to leave the wheel
   */
  onTimer(now: number): number | null;
}

/** Milliseconds: a crowd that is due at once does not hold up everyone else. */
const timeInTurn = 0.5;

/**
 * One timer for everything: items wait in the slot of the tick in which they are due. An item is never moved when
 * something happens to it; it looks at its own times when it is called, and says when it wants to be called again.
 */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #tick: number;
  readonly #slots: Timed[][];
  #position = 0;
  #waiting = 0;
  #now: number;
  #stop: (() => void) | null = null;

  /**
   * @param tick milliseconds between two turns of the wheel, and thereby its precision
   * @param horizon longest wait in milliseconds; longer ones are cut into several
   */
  constructor(clock: Clock, tick: number, horizon: number) {
    this.#clock = clock;
    this.#tick = tick;
    this.#now = clock.now();
    this.#slots = Array.from({ length: Math.ceil(horizon / tick) + 2 }, () => []);
  }

  /** @returns the time of the last tick in milliseconds: exact enough for time-outs, and free. */
  get now(): number {
    return this.#stop === null ? this.#clock.now() : this.#now;
  }

  /** Looks at `item` after `delay` milliseconds, up to one tick late, never early. */
  schedule(item: Timed, delay: number): void {
    if (this.#stop === null) {
      this.#now = this.#clock.now();
      this.#stop = this.#clock.repeat(this.#tick, () => this.#turn());
    }
    this.#waiting++;
    const ticks = Math.min(Math.ceil(delay / this.#tick) + 1, this.#slots.length - 1);
    this.#slotAt(this.#position + ticks).push(item);
  }

  #turn(): void {
    this.#now = this.#clock.now();
    this.#position = (this.#position + 1) % this.#slots.length;
    const due = this.#slotAt(this.#position);
    this.#slots[this.#position] = [];
    this.#look(due.values());
  }

  /** Looks at as many as there is time for in this turn of the event loop, and at the others in the next ones. */
  #look(due: IterableIterator<Timed>): void {
    const until = this.#clock.now() + timeInTurn;
    for (const item of due) {
      this.#waiting--;
      const delay = item.onTimer(this.#now);
      if (delay !== null) this.schedule(item, delay);
      if (this.#clock.now() >= until) {
        setImmediate(() => this.#look(due));
        return;
      }
    }
    if (this.#waiting === 0) {
      this.#stop?.();
      this.#stop = null;
    }
  }

  #slotAt(position: number): Timed[] {
    const slot = this.#slots[position % this.#slots.length];
    if (slot === undefined) throw new RangeError("Unreachable: a position modulo the slots is a slot.");
    return slot;
  }
}
