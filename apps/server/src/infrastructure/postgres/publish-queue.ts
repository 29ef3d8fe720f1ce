/** What is to be published, in order: at the end of the turn, so that answers leave first, or at once. */
export class PublishQueue {
  readonly #onError: (error: unknown) => void;
  #waiting: (() => void)[] = [];

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  later(publish: () => void): void {
    this.#waiting.push(publish);
    if (this.#waiting.length === 1) setImmediate(() => this.flush());
  }

  now(publish: () => void): void {
    this.flush();
    this.#run(publish);
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const publish of waiting) this.#run(publish);
  }

  /** The change is committed: a fault here must not be told as if it were not. */
  #run(publish: () => void): void {
    try {
      publish();
    } catch (error) {
      this.#onError(error);
    }
  }
}
