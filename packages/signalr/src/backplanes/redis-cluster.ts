import { ClusterSlots, type ServerAddress } from "./cluster-slots.ts";
import type { BusContext, ChannelListener, MessageBus } from "./message-bus.ts";
import { MovedError, type RedisAddress, RedisConnection, type RedisConnectionOptions } from "./redis-connection.ts";

/** Milliseconds between two looks at who has which slots, while a server is away or has lost some. */
const lookInterval = 500;

interface Listening {
  readonly listener: ChannelListener;
  readonly server: RedisConnection;
}

/**
 * Sharded channels: each belongs to one server of a cluster, to which there is one connection. Order is kept for each
 * channel by itself. Redis without a cluster has all channels on the server that was named.
 */
export class RedisCluster implements MessageBus {
  readonly ready: Promise<void>;
  readonly #options: RedisConnectionOptions;
  readonly #context: BusContext;
  /** The server that was named; it stays connected, to be asked when others are gone. */
  readonly #first: RedisConnection;
  /** By host and port. */
  readonly #servers = new Map<string, RedisConnection>();
  readonly #channels = new Map<string, Listening>();
  #slots = new ClusterSlots();
  readonly #timer: ReturnType<typeof setInterval>;
  #looking: Promise<void> | null = null;
  /** Since when channels may have moved, in milliseconds since 1970. */
  #movedSince: number | null = null;

  constructor(options: RedisConnectionOptions, context: BusContext) {
    this.#options = options;
    this.#context = context;
    this.#first = this.#connect(options.address);
    this.ready = this.#first.ready.then(() => this.#look());
    this.#timer = setInterval(() => {
      if (this.#movedSince !== null || [...this.#servers.values()].some((server) => !server.isConnected)) {
        void this.#look();
      }
    }, lookInterval);
    this.#timer.unref();
  }

  subscribe(channel: string, listener: ChannelListener): Promise<void> {
    const server = this.#serverOf(channel);
    this.#channels.set(channel, { listener, server });
    return server.subscribe(channel, listener);
  }

  unsubscribe(channel: string): void {
    this.#channels.get(channel)?.server.unsubscribe(channel);
    this.#channels.delete(channel);
  }

  async publish(channel: string, payload: Uint8Array<ArrayBuffer>): Promise<number> {
    try {
      return await this.#serverOf(channel).publish(channel, payload);
    } catch (error) {
      if (!(error instanceof MovedError)) throw error;
      await this.#look();
      return this.#serverOf(channel).publish(channel, payload);
    }
  }

  receivers(channel: string): Promise<number> {
    return this.#serverOf(channel).receivers(channel);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([this.#first, ...this.#servers.values()].map((server) => server.close()));
  }

  #connect(address: RedisAddress): RedisConnection {
    const onMoved = () => {
      this.#movedSince ??= Date.now();
      void this.#look();
    };
    const { logger, onMissed } = this.#context;
    const onLost = () => {
      this.#context.onLost();
      onMoved();
    };
    return new RedisConnection({ ...this.#options, address, onMoved }, { logger, onLost, onMissed });
  }

  #serverOf(channel: string): RedisConnection {
    const address = this.#slots.serverOf(this.#options.channelPrefix + channel);
    return address === undefined ? this.#first : this.#serverAt(address);
  }

  #serverAt(address: ServerAddress): RedisConnection {
    const key = keyOf(address);
    const server = this.#servers.get(key) ?? this.#connect(withServer(this.#options.address, address));
    this.#servers.set(key, server);
    return server;
  }

  /** Asks who has which slots, once at a time, and listens to each channel where it is now. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    const from = this.#movedSince;
    this.#movedSince = null;
    for (const server of [this.#first, ...this.#servers.values()]) {
      if (!server.isConnected) continue;
      try {
        this.#slots = new ClusterSlots(await server.clusterSlots());
        await this.#moveChannels(from);
      } catch (error) {
        this.#context.logger.debug("There is no cluster.", { error });
      }
      return;
    }
    this.#movedSince ??= from;
  }

  async #moveChannels(from: number | null): Promise<void> {
    const subscribed: Promise<void>[] = [];
    for (const [channel, { listener, server }] of this.#channels) {
      const now = this.#serverOf(channel);
      if (now === server) continue;
      server.unsubscribe(channel);
      this.#channels.set(channel, { listener, server: now });
      subscribed.push(now.subscribe(channel, listener));
    }
    await Promise.all(subscribed);
    if (from !== null && subscribed.length > 0) {
      this.#context.onMissed({ from, until: Date.now(), failedPublications: 0 });
    }
    await this.#leaveUnused();
  }

  /** Servers that have nothing any more, like one that failed and was replaced. */
  async #leaveUnused(): Promise<void> {
    const used = new Set([...this.#slots.servers].map(keyOf));
    for (const [key, server] of this.#servers) {
      if (used.has(key)) continue;
      this.#servers.delete(key);
      await server.close();
    }
  }
}

function keyOf({ host, port }: ServerAddress): string {
  return `${host}:${port}`;
}

/** @returns another server's address, reached in the same way as the one that was named */
function withServer(named: RedisAddress, { host, port }: ServerAddress): RedisAddress {
  if (typeof named !== "string") {
    const { path: _, ...options } = named;
    return { ...options, ...(host === "" ? {} : { host }), port };
  }
  const url = new URL(named);
  if (host !== "") url.hostname = host;
  url.port = String(port);
  return url.href;
}
