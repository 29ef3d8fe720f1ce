import type { Chunk } from "../protocol/frame.ts";
import type { HubMessage } from "../protocol/messages.ts";

/** Bytes taken from a client that is not read: what a runtime had read already when it was asked to stop. */
const heldBytes = 1024 * 1024;

/** What a client sent while nobody wanted to read it. */
export class HeldInput {
  /** How many want the input held. */
  holders = 0;
  /** The messages of a chunk that was begun. */
  reading: Iterator<HubMessage> | null = null;
  /** Whether the transport was asked to stop; it is not for a hold that is over before more comes. */
  paused = false;
  #chunks: Chunk[] = [];
  #bytes = 0;

  /** @returns false when more is held than may be */
  add(chunk: Chunk): boolean {
    // The bytes are copied: the runtime uses their memory again after this turn.
    this.#chunks.push(typeof chunk === "string" ? chunk : chunk.slice());
    this.#bytes += chunk.length;
    return this.#bytes <= heldBytes;
  }

  take(): Chunk | undefined {
    const chunk = this.#chunks.shift();
    this.#bytes -= chunk?.length ?? 0;
    return chunk;
  }

  /** The transport is gone, and what it brought with it. */
  clear(): void {
    this.reading = null;
    this.paused = false;
    this.#chunks = [];
    this.#bytes = 0;
  }
}
