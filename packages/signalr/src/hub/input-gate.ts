import type { Chunk } from "../protocol/frame.ts";
import type { MessageReader } from "../protocol/hub-protocol.ts";
import type { HubMessage } from "../protocol/messages.ts";
import type { Backlog, TurnBudget } from "./turn-budget.ts";

/** What a connection does with its input. */
export interface InputOwner {
  readonly budget: TurnBudget;
  /** Bytes of the largest frame a transport brings. */
  readonly largestFrame: number;
  /** @returns false when no more is to be handled */
  handle(message: HubMessage): boolean;
  inputFailed(error: unknown): void;
  inputOverflowed(): void;
  /** Asks the transport to stop or to go on. */
  pauseTransport(paused: boolean): void;
  /** What has come is handled: most of the time nothing waits. */
  inputRead(): void;
}

/** Bytes taken from a client that is not read, beyond one frame: what a runtime had read already when it was asked to stop. */
const heldBytes = 1024 * 1024;

/** Small messages handled as one piece: what they bring about in microtasks is not done before the next piece. */
const messagesInPiece = 8;

/** Bytes that wait for another turn before the transport is asked to stop, which costs more than to keep a few. */
const bytesAhead = 64 * 1024;

/**
 * Keeps what a client sent while nobody wants to read it or has the time, in order, down to the middle of a chunk. One
 * that holds nothing can be let go: an idle connection is spared it and its reader.
 */
export class InputGate implements Backlog {
  readonly #owner: InputOwner;
  #reader: MessageReader;
  #holders = 0;
  /** The messages of a chunk that was begun. */
  #reading: Iterator<HubMessage> | null = null;
  /** Whether the transport was asked to stop; it is not for a hold that is over before more comes. */
  #paused = false;
  #chunks: Chunk[] | null = null;
  #bytes = 0;

  constructor(owner: InputOwner, reader: MessageReader) {
    this.#owner = owner;
    this.#reader = reader;
  }

  get isHeld(): boolean {
    return this.#holders > 0 || this.#reading !== null || this.#chunks !== null;
  }

  /** Whether part of a message is held. */
  get hasPartial(): boolean {
    return this.#reader.hasPartial;
  }

  /** Whether a new one would do as well. */
  get isIdle(): boolean {
    return !this.isHeld && !this.hasPartial;
  }

  /** Stops handling what the client sends, or goes on when everyone who stopped it agrees. */
  hold(hold: boolean): void {
    this.#holders += hold ? 1 : -1;
    // A method that reads a stream does not find its next items handled within its own call: a backlog waits for that.
    if (this.#holders === 0) this.#owner.budget.wait(this);
  }

  /** Handles the messages of a chunk as far as there is time, or keeps it. */
  receive(chunk: Chunk): void {
    if (this.isHeld || this.#owner.budget.isSpent) {
      this.#keep(chunk);
      return;
    }
    this.#readPiece(this.#messagesOf(chunk), true);
    if (this.#reading === null) this.#owner.inputRead();
    else if (this.#holders === 0) this.#owner.budget.wait(this);
  }

  /** Handles the next of the messages that are kept. */
  goOn(): boolean {
    if (this.#holders > 0) return false;
    const messages = this.#reading ?? this.#nextChunk();
    this.#reading = null;
    try {
      if (messages !== undefined) this.#readPiece(messages, false);
    } catch (error) {
      this.#forget();
      this.#owner.inputFailed(error);
    }
    if (this.isHeld) return this.#holders === 0;
    if (this.#paused) {
      this.#paused = false;
      this.#owner.pauseTransport(false);
    }
    this.#owner.inputRead();
    return false;
  }

  /** The transport is gone, and what it brought with it. */
  restart(reader: MessageReader): void {
    this.#reader = reader;
    this.#paused = false;
    this.#forget();
  }

  /** @param isNew most chunks hold one message: of a new one the time is not asked for before there are two */
  #readPiece(messages: Iterator<HubMessage>, isNew: boolean): void {
    for (let count = 1; this.#handleNext(messages); count++) {
      const goesOn = count < messagesInPiece && ((count === 1 && isNew) || !this.#owner.budget.isPieceSpent);
      if (goesOn && this.#holders === 0) continue;
      this.#reading = messages;
      return;
    }
  }

  /** @returns whether there may be more of them to handle */
  #handleNext(messages: Iterator<HubMessage>): boolean {
    const step = messages.next();
    if (step.done) return false;
    if (this.#owner.handle(step.value)) return true;
    this.#forget();
    return false;
  }

  #keep(chunk: Chunk): void {
    // The bytes are copied: the runtime uses their memory again after this turn.
    this.#chunks ??= [];
    this.#chunks.push(typeof chunk === "string" ? chunk : chunk.slice());
    this.#bytes += chunk.length;
    if (this.#holders === 0) this.#owner.budget.wait(this);
    if (!this.#paused && (this.#holders > 0 || this.#bytes > bytesAhead)) {
      this.#paused = true;
      this.#owner.pauseTransport(true);
    }
    if (this.#bytes > this.#owner.largestFrame + heldBytes) this.#owner.inputOverflowed();
  }

  #nextChunk(): Iterator<HubMessage> | undefined {
    const chunk = this.#chunks?.shift();
    if (chunk === undefined) return undefined;
    if (this.#chunks?.length === 0) this.#chunks = null;
    this.#bytes -= chunk.length;
    return this.#messagesOf(chunk);
  }

  #forget(): void {
    this.#reading = null;
    this.#chunks = null;
    this.#bytes = 0;
  }

  #messagesOf(chunk: Chunk): Iterator<HubMessage> {
    return this.#reader.read(chunk)[Symbol.iterator]();
  }
}
