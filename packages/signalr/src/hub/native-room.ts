import type { HubProtocol } from "../protocol/hub-protocol.ts";
import type { SerializedMessage } from "../protocol/serialized-message.ts";
import type { Topics } from "../transports/topics.ts";

/** A member of a large group. */
export interface RoomMember {
  readonly protocol: HubProtocol | null;
  /** The runtime's topics, for a connection to which frames may be written past its own queue. */
  readonly topics: Topics | null;
  /** Queues the message behind everything queued before. */
  enqueue(message: SerializedMessage): void;
}

interface Audience {
  readonly protocol: HubProtocol;
  count: number;
}

/**
 * A large group, to which the runtime itself writes: one call for all who can be reached so, and one each for the rest,
 * like polling clients.
 */
export class NativeRoom {
  readonly #topic: string;
  readonly #audiences = new Map<string, Audience>();
  readonly #others: RoomMember[] = [];
  #publisher: Topics | null = null;

  /** @param topic names the room among all rooms of the process */
  constructor(topic: string) {
    this.#topic = topic;
  }

  add(member: RoomMember): void {
    const { topics, protocol } = member;
    if (topics === null || protocol === null) {
      this.#others.push(member);
      return;
    }
    const audience = this.#audiences.get(protocol.name) ?? { protocol, count: 0 };
    audience.count++;
    this.#audiences.set(protocol.name, audience);
    this.#publisher = topics;
    topics.subscribe(this.#topicOf(protocol));
  }

  remove(member: RoomMember): void {
    const { topics, protocol } = member;
    if (topics === null || protocol === null) {
      this.#others.splice(this.#others.indexOf(member), 1);
      return;
    }
    topics.unsubscribe(this.#topicOf(protocol));
    const audience = this.#audiences.get(protocol.name);
    if (audience === undefined) return;
    audience.count--;
    if (audience.count === 0) this.#audiences.delete(protocol.name);
  }

  /** Writes at once: what is queued for members must have been written before. */
  publish(message: SerializedMessage): void {
    for (const { protocol } of this.#audiences.values()) {
      this.#publisher?.publish(this.#topicOf(protocol), message.frame(protocol));
    }
    for (const member of this.#others) member.enqueue(message);
  }

  #topicOf(protocol: HubProtocol): string {
    return `${protocol.name} ${this.#topic}`;
  }
}
