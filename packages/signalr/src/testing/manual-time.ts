import type { Clock } from "../hub/clock.ts";

interface Repetition {
  readonly every: number;
  readonly task: () => void;
  next: number;
}

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #repetitions = new Set<Repetition>();

  /** How many timers run. */
  get timers(): number {
    return this.#repetitions.size;
  }

  now(): number {
    return this.#now;
  }

  repeat(milliseconds: number, task: () => void): () => void {
    const repetition = { every: milliseconds, task, next: this.#now + milliseconds };
    this.#repetitions.add(repetition);
    return () => this.#repetitions.delete(repetition);
  }

  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = [...this.#repetitions].filter(({ next }) => next <= end).toSorted((a, b) => a.next - b.next)[0];
      if (due === undefined) break;
      this.#now = due.next;
      due.next += due.every;
      due.task();
    }
    this.#now = end;
  }
}

/** Turns of the event loop that end only when told to. */
export class ManualTurns {
  readonly #tasks: (() => void)[] = [];

  readonly endOfTurn = (task: () => void): void => {
    this.#tasks.push(task);
  };

  end(): void {
    for (const task of this.#tasks.splice(0)) task();
  }
}
