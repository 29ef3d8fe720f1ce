import type { Frame } from "./frame.ts";
import type { HubProtocol, ProtocolName } from "./hub-protocol.ts";
import type { HubMessage } from "./messages.ts";

/** A message for many: encoded once for each protocol that is asked for, the same bytes given to everyone. */
export class SerializedMessage {
  readonly #message: HubMessage;
  readonly #frames: { [Name in ProtocolName]?: Frame } = {};

  constructor(message: HubMessage) {
    this.#message = message;
  }

  /** @throws whatever the encoder throws on a value it cannot carry, a cycle for instance */
  frame(protocol: HubProtocol): Frame {
    const known = this.#frames[protocol.name];
    if (known !== undefined) return known;
    const frame = protocol.encode(this.#message);
    this.#frames[protocol.name] = frame;
    return frame;
  }
}
