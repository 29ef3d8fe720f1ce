/** How many items wait for the method before the client is not read any more. */
const bufferedItems = 10;

type End = { readonly error?: Error };
type Waiter = { resolve(result: IteratorResult<unknown, undefined>): void; reject(error: Error): void };

/** What a client streams to a method: read it with `for await`. A client's error is thrown there as an `Error` (rule D7). */
export class ClientStream implements AsyncIterableIterator<unknown, undefined> {
  readonly #items: unknown[] = [];
  readonly #setFull: (full: boolean) => void;
  #waiter: Waiter | null = null;
  #end: End | null = null;
  #full = false;

  /**
   * @param setFull told when the buffer fills up and when it has room again
   * @internal
   */
  constructor(setFull: (full: boolean) => void) {
    this.#setFull = setFull;
  }

  /** @internal */
  push(item: unknown): void {
    if (this.#end !== null) return;
    if (this.#waiter !== null) {
      this.#take().resolve({ done: false, value: item });
      return;
    }
    this.#items.push(item);
    if (this.#items.length >= bufferedItems) this.#announce(true);
  }

  /**
   * The client, or the end of its connection, closes the stream. Items that wait can still be read.
   * @internal
   */
  complete(error?: Error): void {
    if (this.#end !== null) return;
    this.#end = error === undefined ? {} : { error };
    if (this.#waiter === null) return;
    const waiter = this.#take();
    if (error === undefined) waiter.resolve({ done: true, value: undefined });
    else waiter.reject(error);
  }

  /**
   * Reads one item; one read at a time, as `for await` does it.
   * @returns the item as it came from the wire, unchecked, or the end
   * @throws Error the client's, or that its connection has ended
   */
  next(): Promise<IteratorResult<unknown, undefined>> {
    if (this.#items.length > 0) {
      const value = this.#items.shift();
      if (this.#items.length < bufferedItems) this.#announce(false);
      return Promise.resolve({ done: false, value });
    }
    if (this.#end?.error !== undefined) return Promise.reject(this.#end.error);
    if (this.#end !== null) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  /**
   * Nobody reads any more: what comes is dropped. `for await` calls it when it is left early.
   * @returns the end
   */
  return(): Promise<IteratorResult<unknown, undefined>> {
    this.complete();
    this.#items.length = 0;
    this.#announce(false);
    return Promise.resolve({ done: true, value: undefined });
  }

  /**
   * For `for await`.
   * @returns this stream
   */
  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): Waiter {
    const waiter = this.#waiter;
    if (waiter === null) throw new Error("Unreachable: nobody waits.");
    this.#waiter = null;
    return waiter;
  }

  #announce(full: boolean): void {
    if (full === this.#full) return;
    this.#full = full;
    this.#setFull(full);
  }
}
