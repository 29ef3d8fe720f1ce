import type { BackplaneFactory } from "./backplane.ts";
import { type BackplaneOptions, BusBackplane } from "./bus-backplane.ts";
import { BusError, type ChannelListener, type MessageBus } from "./message-bus.ts";

type Channels = Map<string, Map<MessageBus, ChannelListener>>;

/**
 * Joins all servers of this process that are given the same one: nodes without a network, for tests above all.
 * @param options what all backplanes have in common; defaults do
 * @returns what `createSignalR` takes as `backplane`
 */
export function inMemoryBackplane(options: BackplaneOptions = {}): BackplaneFactory {
  const channels: Channels = new Map();
  return (node) => new BusBackplane(node, () => new InMemoryBus(channels), options);
}

/** Payloads arrive in a microtask of their own, never within the call that publishes them. */
class InMemoryBus implements MessageBus {
  readonly ready = Promise.resolve();
  readonly #channels: Channels;
  readonly #subscribed = new Set<string>();
  #closed = false;

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  async subscribe(channel: string, listener: ChannelListener): Promise<void> {
    if (this.#closed) return;
    const listeners = this.#channels.get(channel) ?? new Map<MessageBus, ChannelListener>();
    this.#channels.set(channel, listeners.set(this, listener));
    this.#subscribed.add(channel);
  }

  unsubscribe(channel: string): void {
    this.#subscribed.delete(channel);
    const listeners = this.#channels.get(channel);
    listeners?.delete(this);
    if (listeners?.size === 0) this.#channels.delete(channel);
  }

  async publish(channel: string, payload: Uint8Array<ArrayBuffer>): Promise<number> {
    if (this.#closed) throw new BusError("The backplane is closed.");
    const listeners = [...(this.#channels.get(channel) ?? [])];
    queueMicrotask(() => {
      for (const [bus, listener] of listeners) if (bus !== this) listener(payload);
    });
    return listeners.length;
  }

  async receivers(channel: string): Promise<number> {
    return this.#channels.get(channel)?.size ?? 0;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const channel of [...this.#subscribed]) this.unsubscribe(channel);
  }
}
