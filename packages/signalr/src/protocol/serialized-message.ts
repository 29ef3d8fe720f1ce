import type { Frame } from "./frame.ts";
import type { HubProtocol, ProtocolName } from "./hub-protocol.ts";
import type { HubMessage } from "./messages.ts";

type Frames = { [Name in ProtocolName]?: Frame };

/** A message for many: encoded once for each protocol that is asked for, the same bytes given to everyone. */
export class SerializedMessage {
  readonly #message: HubMessage | (() => HubMessage);
  readonly #frames: Frames;

  /**
   * @param message the message, or what finds it out when a protocol is asked for that is not among `frames`
   * @param frames what another node has encoded already
   */
  constructor(message: HubMessage | (() => HubMessage), frames: Frames = {}) {
    this.#message = message;
    this.#frames = { ...frames };
  }

  /** @throws whatever the encoder throws on a value it cannot carry, a cycle for instance */
  frame(protocol: HubProtocol): Frame {
    const known = this.#frames[protocol.name];
    if (known !== undefined) return known;
    const frame = protocol.encode(typeof this.#message === "function" ? this.#message() : this.#message);
    this.#frames[protocol.name] = frame;
    return frame;
  }
}
