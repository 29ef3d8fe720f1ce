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
  /** Those whom the runtime may write to past their own queue. */
  #dirtySubscribers: Flushable[] = [];

  constructor(endOfTurn: EndOfTurn = setImmediate) {
    this.#endOfTurn = endOfTurn;
  }

  /**
   * Asks for one flush of `item`; an item asks again only after it was flushed.
   * @param isSubscriber whether the runtime may write to it past its own queue
   */
  mark(item: Flushable, isSubscriber: boolean): void {
    if (!this.#scheduled) {
      this.#scheduled = true;
      this.#endOfTurn(this.#endTurn);
    }
    if (isSubscriber) this.#dirtySubscribers.push(item);
    else this.#dirty.push(item);
  }

  /** Writes to subscribers now, so that what the runtime writes to them comes behind what is queued. */
  flushSubscribers(): void {
    if (this.#dirtySubscribers.length === 0) return;
    const dirty = this.#dirtySubscribers;
    this.#dirtySubscribers = [];
    for (const item of dirty) item.flush();
  }

  /** Writes everything now instead of at the end of the turn. */
  flush(): void {
    this.flushSubscribers();
    if (this.#dirty.length === 0) return;
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const item of dirty) item.flush();
  }
}
