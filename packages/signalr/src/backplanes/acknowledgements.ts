interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** The group commands this node has sent and that were not acknowledged yet. They are rare, so each has its timer. */
export class Acknowledgements {
  readonly #timeout: number;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /** @param timeout milliseconds to wait */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /** @returns the next command's id, and what resolves with its acknowledgement or rejects without one */
  expect(): { readonly id: number; readonly acknowledged: Promise<void> } {
    const id = ++this.#last;
    const acknowledged = new Promise<void>((resolve, reject) => {
      const giveUp = () => this.fail(id, "No node has answered: the connection may not exist.");
      this.#waiting.set(id, { resolve, reject, timer: setTimeout(giveUp, this.#timeout) });
    });
    return { id, acknowledged };
  }

  acknowledge(id: number): void {
    this.#take(id)?.resolve();
  }

  fail(id: number, message: string): void {
    this.#take(id)?.reject(new Error(message));
  }

  failAll(message: string): void {
    for (const id of [...this.#waiting.keys()]) this.fail(id, message);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
