import { windowBytes } from "./body-receiver.ts";

/** Bytes of the largest piece; together with the window the most that waits at the other node. */
export const largestPiece = 64 * 1024;

/** Sends a body on piece by piece, no faster than the other node gets rid of it. */
export class BodySender {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #send: (number: number, bytes: Uint8Array, isLast: boolean) => void;
  #sent = 0;
  #taken = 0;
  #pieces = 0;
  #resume: (() => void) | null = null;
  #over = false;

  constructor(body: ReadableStream<Uint8Array>, send: (number: number, bytes: Uint8Array, isLast: boolean) => void) {
    this.#reader = body.getReader();
    this.#send = send;
  }

  /** Resolves when everything is sent, or it was stopped. @throws when the body breaks off */
  async run(): Promise<void> {
    for (let step = await this.#reader.read(); !this.#over; step = await this.#reader.read()) {
      if (step.done) {
        this.#send(this.#pieces, new Uint8Array(0), true);
        return;
      }
      for (let at = 0; at < step.value.length; at += largestPiece) {
        if (this.#isWaiting) await new Promise<void>((resolve) => (this.#resume = resolve));
        if (this.#over) return;
        const piece = step.value.subarray(at, at + largestPiece);
        this.#sent += piece.length;
        this.#send(this.#pieces++, piece, false);
      }
    }
  }

  /** @param bytes that are out of the way, since the beginning */
  taken(bytes: number): void {
    this.#taken = bytes;
    if (!this.#isWaiting) this.#go();
  }

  /** Nobody wants the rest. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#go();
    this.#reader.cancel().catch(() => undefined);
  }

  get #isWaiting(): boolean {
    return !this.#over && this.#sent - this.#taken >= windowBytes;
  }

  #go(): void {
    this.#resume?.();
    this.#resume = null;
  }
}
