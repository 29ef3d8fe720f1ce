import { type Frame, frameSize } from "../protocol/frame.ts";
import { type HubMessage, MessageType } from "../protocol/messages.ts";
import { ProtocolError } from "../protocol/protocol-error.ts";

/** @returns whether a message takes a sequence id: those that carry the application's own matters do */
export function isCounted(message: HubMessage): boolean {
  return message.type <= MessageType.cancelInvocation;
}

/**
 * What lets a connection outlive its socket: sent messages are kept until the client acknowledges them, received ones
 * are counted so that those sent again are handled once. Ids begin at 1, on each side for itself.
 */
export class ReplayBuffer {
  readonly #frames: Frame[] = [];
  #bytes = 0;
  #lastSent = 0;
  #nextReceived = 1;
  #latestReceived = 0;
  #awaitsSequence = false;

  /** Whether the client has yet to say where it begins on its present socket. */
  get awaitsSequence(): boolean {
    return this.#awaitsSequence;
  }

  /** Bytes sent and not acknowledged. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Highest id received. */
  get latestReceived(): number {
    return this.#latestReceived;
  }

  /** The messages to be sent again, the oldest first. */
  get unacknowledged(): readonly Frame[] {
    return this.#frames;
  }

  /** The id of the oldest message to be sent again, or of the next one when there is none. */
  get firstUnacknowledged(): number {
    return this.#lastSent - this.#frames.length + 1;
  }

  /** Keeps a counted message that is being sent. */
  add(frame: Frame): void {
    this.#lastSent++;
    this.#frames.push(frame);
    this.#bytes += frameSize(frame);
  }

  /** The client has everything up to `id`. */
  acknowledge(id: number): void {
    const count = Math.min(this.#frames.length, id - this.firstUnacknowledged + 1);
    if (count <= 0) return;
    for (const frame of this.#frames.splice(0, count)) this.#bytes -= frameSize(frame);
  }

  /** The socket is gone: on the next one nothing counts before the client has said where it begins. */
  expectSequence(): void {
    this.#awaitsSequence = true;
  }

  /**
   * The client says the id of what it sends next.
   * @throws ProtocolError when messages are missing in between
   */
  sequence(id: number): void {
    // What was received may have been acknowledged while it was being sent again, so the count of this socket does not matter.
    if (id > this.#latestReceived + 1)
      throw new ProtocolError("Sequence ID greater than amount of messages we've received.");
    this.#nextReceived = id;
    this.#awaitsSequence = false;
  }

  /** @returns whether a message that was received is to be handled, and not a repetition */
  accepts(message: HubMessage): boolean {
    if (this.#awaitsSequence) return false;
    if (!isCounted(message)) return true;
    const id = this.#nextReceived;
    this.#nextReceived++;
    if (id <= this.#latestReceived) return false;
    this.#latestReceived = id;
    return true;
  }
}
