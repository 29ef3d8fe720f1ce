/** Bytes of a body that may be on the way from node to node, or wait at the second to be read. */
export const windowBytes = 256 * 1024;

/** How much is read before that is told. */
const toldAfter = windowBytes / 4;

/** Puts a body together again from its pieces. */
export class BodyReceiver {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | null = null;
  #next = 0;
  #received = 0;
  #told = 0;

  /**
   * @param onTaken told how many bytes were read since the beginning, from time to time
   * @param onCancel told when nobody reads on
   */
  constructor(onTaken: (bytes: number) => void, onCancel: () => void) {
    this.stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: (controller) => {
          const taken = this.#received - (windowBytes - (controller.desiredSize ?? windowBytes));
          if (taken - this.#told < toldAfter) return;
          this.#told = taken;
          onTaken(taken);
        },
        cancel: () => {
          this.#controller = null;
          onCancel();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: windowBytes }),
    );
  }

  /** Whether as much waits to be read as may: its reader is stuck. */
  get isFull(): boolean {
    return this.#controller !== null && (this.#controller.desiredSize ?? 0) <= 0;
  }

  /** @returns false when a piece before this one is missing */
  take(number: number, bytes: Uint8Array): boolean {
    if (number !== this.#next) return false;
    this.#next++;
    this.#received += bytes.length;
    if (bytes.length > 0) this.#controller?.enqueue(new Uint8Array(bytes));
    return true;
  }

  end(): void {
    this.#controller?.close();
    this.#controller = null;
  }

  /** Whoever reads it learns that it broke off. */
  fail(): void {
    this.#controller?.error(new Error("The rest of a forwarded body is lost."));
    this.#controller = null;
  }
}
