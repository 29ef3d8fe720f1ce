import type { Recipient } from "../hub/in-memory-lifetime-manager.ts";
import type { HubProtocol } from "../protocol/hub-protocol.ts";
import { jsonProtocol } from "../protocol/json-protocol.ts";
import { type InvocationMessage, MessageType } from "../protocol/messages.ts";
import type { SerializedMessage } from "../protocol/serialized-message.ts";

const limits = { maximumMessageSize: 1_000_000, maximumDepth: 16 };

/** A connection without a socket: it reads the frames it is given as a client would, and keeps their first arguments. */
export class TestClient implements Recipient {
  readonly id: string;
  readonly userId: string;
  readonly protocol: HubProtocol;
  readonly topics = null;
  /** First argument of each invocation that wants no answer. */
  readonly received: unknown[] = [];
  /** Takes the invocations that want one. */
  onAsked: (invocation: InvocationMessage) => void = () => undefined;

  constructor(id: string, userId = "", protocol = jsonProtocol) {
    this.id = id;
    this.userId = userId;
    this.protocol = protocol;
  }

  enqueue(message: SerializedMessage): void {
    for (const read of this.protocol.createReader(limits).read(message.frame(this.protocol))) {
      if (read.type !== MessageType.invocation) throw new Error(`Unexpected message of type ${read.type}.`);
      if (read.invocationId === undefined) this.received.push(read.arguments[0]);
      else this.onAsked(read);
    }
  }

  /** @returns what was received since the last time */
  take(): unknown[] {
    return this.received.splice(0);
  }
}
