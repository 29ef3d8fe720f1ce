/** Something that gathered frames during this turn of the event loop. */
export interface Flushable {
  flush(): void;
}

/** Runs a task once the callbacks of this turn are through. */
export type EndOfTurn = (task: () => void) => void;

/**
 * Writes each connection once a turn: whatever a connection was given since the last flush leaves in one write,
 * in the order it was given.
 */
export class TurnFlusher {
  readonly #endOfTurn: EndOfTurn;
  readonly #endTurn = () => {
    this.#scheduled = false;
    this.flush();
  };
  #scheduled = false;
  #dirty: Flushable[] = [];

  constructor(endOfTurn: EndOfTurn = setImmediate) {
    this.#endOfTurn = endOfTurn;
  }

  /** Asks for one flush of `item`; an item asks again only after it was flushed. */
  mark(item: Flushable): void {
    if (!this.#scheduled) {
      this.#scheduled = true;
      this.#endOfTurn(this.#endTurn);
    }
    this.#dirty.push(item);
  }

  /** Writes everything now instead of at the end of the turn. */
  flush(): void {
    if (this.#dirty.length === 0) return;
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const item of dirty) item.flush();
  }
}
