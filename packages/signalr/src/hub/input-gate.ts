import type { Chunk } from "../protocol/frame.ts";
import type { MessageReader } from "../protocol/hub-protocol.ts";
import type { HubMessage } from "../protocol/messages.ts";

/** What a connection does with its input. */
export interface InputOwner {
  /** @returns false when no more is to be handled */
  handle(message: HubMessage): boolean;
  inputFailed(error: unknown): void;
  inputOverflowed(): void;
  /** Asks the transport to stop or to go on. */
  pauseTransport(paused: boolean): void;
  /** What has come is handled: most of the time nothing waits. */
  inputRead(): void;
}

/** Bytes taken from a client that is not read: what a runtime had read already when it was asked to stop. */
const heldBytes = 1024 * 1024;

/**
 * Keeps what a client sent while nobody wants to read it, in order, down to the middle of a chunk. One that holds
 * nothing can be let go: an idle connection is spared it and its reader.
 */
export class InputGate {
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
    // A method that reads a stream must not find its next items handled within its own call.
    if (this.#holders === 0) queueMicrotask(() => this.#resume());
  }

  /** Handles the messages of a chunk, or keeps it. */
  receive(chunk: Chunk): void {
    if (this.isHeld) this.#keep(chunk);
    else {
      this.#read(this.#messagesOf(chunk));
      this.#owner.inputRead();
    }
  }

  /** The transport is gone, and what it brought with it. */
  restart(reader: MessageReader): void {
    this.#reader = reader;
    this.#reading = null;
    this.#paused = false;
    this.#chunks = null;
    this.#bytes = 0;
  }

  #read(messages: Iterator<HubMessage>): void {
    for (let step = messages.next(); !step.done; step = messages.next()) {
      if (!this.#owner.handle(step.value)) return;
      if (this.#holders === 0) continue;
      this.#reading = messages;
      return;
    }
  }

  #keep(chunk: Chunk): void {
    // The bytes are copied: the runtime uses their memory again after this turn.
    this.#chunks ??= [];
    this.#chunks.push(typeof chunk === "string" ? chunk : chunk.slice());
    this.#bytes += chunk.length;
    if (!this.#paused) {
      this.#paused = true;
      this.#owner.pauseTransport(true);
    }
    if (this.#bytes > heldBytes) this.#owner.inputOverflowed();
  }

  #resume(): void {
    try {
      while (this.#holders === 0) {
        const next = this.#next();
        if (next === undefined) break;
        this.#read(next);
      }
    } catch (error) {
      this.#owner.inputFailed(error);
    }
    if (this.#paused && !this.isHeld) {
      this.#paused = false;
      this.#owner.pauseTransport(false);
    }
    this.#owner.inputRead();
  }

  #messagesOf(chunk: Chunk): Iterator<HubMessage> {
    return this.#reader.read(chunk)[Symbol.iterator]();
  }

  #next(): Iterator<HubMessage> | undefined {
    const reading = this.#reading;
    this.#reading = null;
    if (reading !== null) return reading;
    const chunk = this.#chunks?.shift();
    if (chunk === undefined) return undefined;
    if (this.#chunks?.length === 0) this.#chunks = null;
    this.#bytes -= chunk.length;
    return this.#messagesOf(chunk);
  }
}
