import type { Backlog, TurnBudget } from "./turn-budget.ts";

/** Lets in as many as there is time for in a turn of the event loop, in the order they came: a crowd does not hold up everyone else. */
export class Turnstile implements Backlog {
  readonly #budget: TurnBudget;
  readonly #waiting: (() => void)[] = [];

  constructor(budget: TurnBudget) {
    this.#budget = budget;
  }

  /** @returns when it is one's turn; undefined when that is now */
  enter(): Promise<void> | undefined {
    if (this.#waiting.length === 0 && !this.#budget.isSpent) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#budget.wait(this);
    });
  }

  goOn(): boolean {
    this.#waiting.shift()?.();
    return this.#waiting.length > 0;
  }
}
