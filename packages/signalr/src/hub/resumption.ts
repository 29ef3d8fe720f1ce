import { type AckMessage, type HubMessage, MessageType } from "../protocol/messages.ts";
import { isCounted, ReplayBuffer } from "./replay-buffer.ts";
import type { Timed, TimerWheel } from "./timer-wheel.ts";

/** Milliseconds that received messages may wait for their acknowledgement, so that one does for many. */
const acknowledgeInterval = 1000;

/** What a connection needs to outlive its socket. */
export class Resumption implements Timed {
  readonly replay = new ReplayBuffer();
  /** When the socket was lost, in the wheel's milliseconds; null while there is one. */
  suspendedSince: number | null = null;
  readonly #wheel: TimerWheel;
  readonly #acknowledge: (message: AckMessage) => void;
  #scheduled = false;

  constructor(wheel: TimerWheel, acknowledge: (message: AckMessage) => void) {
    this.#wheel = wheel;
    this.#acknowledge = acknowledge;
  }

  /**
   * Counts a message that was received.
   * @returns whether it is to be handled
   * @throws ProtocolError when the client skipped some
   */
  receives(message: HubMessage): boolean {
    if (message.type === MessageType.sequence) {
      this.replay.sequence(message.sequenceId);
      return false;
    }
    if (message.type === MessageType.ack) {
      this.replay.acknowledge(message.sequenceId);
      return false;
    }
    const accepted = this.replay.accepts(message);
    // A repetition is acknowledged as well: the first acknowledgement was lost.
    if (isCounted(message)) this.#acknowledgeSoon();
    return accepted;
  }

  onTimer(): null {
    this.#scheduled = false;
    if (this.suspendedSince === null)
      this.#acknowledge({ type: MessageType.ack, sequenceId: this.replay.latestReceived });
    return null;
  }

  #acknowledgeSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#wheel.schedule(this, acknowledgeInterval);
  }
}
