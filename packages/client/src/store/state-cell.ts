import { Listeners } from "../listeners.ts";

/** A value that changes as a whole, and who wants to hear of it. */
export class StateCell<State> {
  readonly #listeners = new Listeners<State>();
  #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  get(): State {
    return this.#state;
  }

  update(change: (state: State) => State): void {
    const next = change(this.#state);
    if (next === this.#state) return;
    this.#state = next;
    this.#listeners.emit(next);
  }

  /** @returns the way to stop hearing */
  subscribe(listener: (state: State) => void): () => void {
    return this.#listeners.add(listener);
  }
}
