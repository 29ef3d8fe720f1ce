import { Buffer } from "node:buffer";
import type { Chunk, Frame } from "../protocol/frame.ts";

/** What a transport over plain requests tells its connection. */
export interface HttpTransportSession {
  receive(chunk: Chunk): void;
  /** The client has taken some of what was buffered. */
  drained(): void;
  /** The client leaves too much unread, or is gone. */
  lost(): void;
  /** The client said goodbye. */
  left(): void;
  /** Nothing more will be carried. */
  closed(): void;
}

/** Bytes a client may leave unread before it is cut off. */
export const unreadLimit = 1024 * 1024;

/** What a stream may leave unread before it waits. */
export const congestedBytes = 64 * 1024;

/** @returns the frames as one piece of bytes */
export function joinFrames(frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  const parts = frames.map((frame) => (typeof frame === "string" ? Buffer.from(frame) : frame));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

/** Holds up posts while the connection does not want more. */
export class Gate {
  #open: (() => void) | null = null;
  #opened: Promise<void> = Promise.resolve();

  set(closed: boolean): void {
    if (!closed) {
      this.#open?.();
      this.#open = null;
    } else if (this.#open === null) {
      this.#opened = new Promise((resolve) => {
        this.#open = resolve;
      });
    }
  }

  passed(): Promise<void> {
    return this.#opened;
  }
}
