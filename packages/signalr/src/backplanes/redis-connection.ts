import { Redis, type RedisOptions } from "ioredis";
import { type BusContext, BusError, type ChannelListener, type MessageBus } from "./message-bus.ts";
import { OwnPublications } from "./own-publications.ts";

/** Where Redis is: a URL, or options of `ioredis` (a Unix socket, TLS, Sentinel). */
export type RedisAddress = string | RedisOptions;

export interface RedisConnectionOptions {
  readonly address: RedisAddress;
  /** Put before the name of every channel on the way to Redis. */
  readonly channelPrefix: string;
  /** Milliseconds without any answer after which the connection is given up, and a publication waits for one. */
  readonly timeout: number;
  /** Bytes of publications that may wait for Redis. */
  readonly maximumPending: number;
  /** Whether to use sharded channels. */
  readonly sharded: boolean;
  /** Told when channels are found, or go, to another server of the cluster. */
  readonly onMoved?: () => void;
}

/** The channel belongs to another server of the cluster: nothing was published. */
export class MovedError extends BusError {}

interface Publication {
  readonly channel: string;
  readonly payload: Buffer;
  /** When it is given up, unless it was sent, in milliseconds since 1970. */
  readonly expires: number;
  readonly resolve: (receivers: number) => void;
  readonly reject: (error: BusError) => void;
}

type State = "connecting" | "connected" | "closed";

/** Redis takes any number, but reads a command whole before it serves anyone else. */
const channelsPerCommand = 1000;

/** Milliseconds between two attempts to connect: from the first to the longest. */
const retryDelays = { first: 50, longest: 2000 };

/**
 * One connection to one Redis, which publishes and listens both, as the third version of Redis's protocol allows: what
 * it publishes and the subscriptions are carried out in the order they were given here, so that its own publications
 * are known when they come back.
 */
export class RedisConnection implements MessageBus {
  readonly ready: Promise<void>;
  readonly #options: RedisConnectionOptions;
  readonly #context: BusContext;
  readonly #client: Redis;
  readonly #listeners = new Map<string, ChannelListener>();
  /** Those of channels that Redis is being told to leave: until then it counts this node among their receivers. */
  readonly #leaving = new Map<string, ChannelListener>();
  readonly #own = new OwnPublications();
  readonly #timer: ReturnType<typeof setInterval>;
  #state: State = "connecting";
  #onReady: () => void = () => undefined;
  /** Publications that wait for the connection, and subscribers that wait for it. */
  #waiting: Publication[] = [];
  readonly #subscribers: (() => void)[] = [];
  /** Bytes of publications that wait or are under way. */
  #pendingBytes = 0;
  /** When there was no connection any more, and when Redis was last heard of, in milliseconds since 1970. */
  #downSince = Date.now();
  #lastHeard = Date.now();
  #gap: { readonly from: number; failedPublications: number } | null = null;
  #isCorked = false;

  constructor(options: RedisConnectionOptions, context: BusContext) {
    this.#options = options;
    this.#context = context;
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    this.#client = createClient(options);
    this.#client.on("ready", () => this.#connected());
    this.#client.on("close", () => this.#disconnected());
    if (options.onMoved !== undefined) this.#client.on("moved", options.onMoved);
    this.#client.on("error", (error) => context.logger.debug("Redis cannot be reached.", { error }));
    this.#client.on(options.sharded ? "smessageBuffer" : "messageBuffer", (channel: Buffer, payload: Buffer) =>
      this.#receive(channel.toString(), payload),
    );
    this.#timer = setInterval(() => this.#tick(), options.timeout / 4);
    this.#timer.unref();
  }

  get isConnected(): boolean {
    return this.#state === "connected";
  }

  /** @returns what `CLUSTER SLOTS` answers; rejects without a cluster */
  clusterSlots(): Promise<unknown> {
    return this.#client.cluster("SLOTS");
  }

  subscribe(channel: string, listener: ChannelListener): Promise<void> {
    this.#listeners.set(channel, listener);
    if (this.#state === "connected") return this.#listen([channel]);
    if (this.#isLongGone) return Promise.resolve();
    return new Promise((resolve) => this.#subscribers.push(resolve));
  }

  unsubscribe(channel: string): void {
    const listener = this.#listeners.get(channel);
    this.#listeners.delete(channel);
    if (listener === undefined || this.#state !== "connected") return;
    this.#leaving.set(channel, listener);
    this.#cork();
    const name = this.#options.channelPrefix + channel;
    const unsubscribed = this.#options.sharded ? this.#client.sunsubscribe(name) : this.#client.unsubscribe(name);
    const left = () => {
      if (this.#leaving.get(channel) === listener) this.#leaving.delete(channel);
    };
    unsubscribed.then(left, left);
  }

  publish(channel: string, payload: Uint8Array<ArrayBuffer>): Promise<number> {
    if (this.#state === "closed") return Promise.reject(new BusError("The backplane is closed."));
    if (this.#isLongGone) return this.#refuse("Redis cannot be reached.");
    if (this.#pendingBytes + payload.length > this.#options.maximumPending) {
      return this.#refuse("Too much waits for Redis.");
    }
    this.#pendingBytes += payload.length;
    return new Promise((resolve, reject) => {
      const buffer = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
      const publication = { channel, payload: buffer, expires: Date.now() + this.#options.timeout, resolve, reject };
      if (this.#state === "connected") this.#send(publication);
      else this.#waiting.push(publication);
    });
  }

  async receivers(channel: string): Promise<number> {
    const { channelPrefix, sharded } = this.#options;
    const count = sharded ? "SHARDNUMSUB" : "NUMSUB";
    const [, receivers] = Object(await this.#client.call("PUBSUB", count, channelPrefix + channel));
    return Number(receivers);
  }

  async close(): Promise<void> {
    if (this.#state === "closed") return;
    const wasConnected = this.#state === "connected";
    this.#state = "closed";
    clearInterval(this.#timer);
    this.#giveUpWaiting(Number.POSITIVE_INFINITY);
    if (wasConnected) await this.#client.quit().catch(() => undefined);
    this.#client.disconnect();
  }

  /** Whether the connection has been away for so long that nobody waits for it. */
  get #isLongGone(): boolean {
    return this.#state === "connecting" && Date.now() - this.#downSince >= this.#options.timeout;
  }

  /** Subscriptions go first: what is published after them comes back, and is known. */
  #connected(): void {
    if (this.#state === "closed") return;
    this.#state = "connected";
    this.#lastHeard = Date.now();
    const channels = [...this.#listeners.keys()];
    const listening: Promise<void>[] = [];
    for (let start = 0; start < channels.length; start += channelsPerCommand) {
      listening.push(this.#listen(channels.slice(start, start + channelsPerCommand)));
    }
    for (const publication of this.#waiting.splice(0)) this.#send(publication);
    void Promise.all(listening).then(() => this.#listensAgain());
  }

  #listensAgain(): void {
    if (this.#state !== "connected") return;
    for (const resolve of this.#subscribers.splice(0)) resolve();
    this.#onReady();
    this.#closeGap();
  }

  #disconnected(): void {
    this.#own.clear();
    this.#isCorked = false;
    if (this.#state !== "connected") return;
    this.#state = "connecting";
    this.#downSince = Date.now();
    this.#openGap();
    this.#context.logger.warn("The connection to Redis is lost.");
    this.#context.onLost();
  }

  #tick(): void {
    if (this.#state === "connected") {
      this.#client.ping().then(
        () => {
          this.#lastHeard = Date.now();
          this.#closeGap();
        },
        () => undefined,
      );
      return;
    }
    this.#giveUpWaiting(Date.now());
    if (this.#isLongGone) for (const resolve of this.#subscribers.splice(0)) resolve();
  }

  #openGap(): { failedPublications: number } {
    this.#gap ??= { from: this.#lastHeard, failedPublications: 0 };
    return this.#gap;
  }

  #closeGap(): void {
    const gap = this.#gap;
    if (gap === null) return;
    this.#gap = null;
    this.#context.logger.warn("Messages between nodes may have been lost.", gap);
    this.#context.onMissed({ ...gap, until: Date.now() });
  }

  #refuse(reason: string): Promise<number> {
    this.#openGap().failedPublications++;
    return Promise.reject(new BusError(reason));
  }

  #giveUpWaiting(now: number): void {
    const expired = this.#waiting.filter(({ expires }) => expires <= now);
    this.#waiting = this.#waiting.slice(expired.length);
    for (const publication of expired) this.#failed(publication, new Error("Redis cannot be reached."));
  }

  #failed({ payload, reject }: Publication, cause: unknown): void {
    this.#pendingBytes -= payload.length;
    this.#openGap().failedPublications++;
    reject(new BusError("A message to other nodes may have been lost.", { cause }));
  }

  #moved({ payload, reject }: Publication): void {
    this.#pendingBytes -= payload.length;
    this.#options.onMoved?.();
    reject(new MovedError("The channel belongs to another server."));
  }

  #send(publication: Publication): void {
    const { channel, payload, resolve } = publication;
    this.#cork();
    if (this.#listeners.has(channel)) this.#own.add(channel, payload);
    const name = this.#options.channelPrefix + channel;
    const { sharded } = this.#options;
    const published = sharded ? this.#client.spublish(name, payload) : this.#client.publish(name, payload);
    published.then(
      (receivers) => {
        this.#pendingBytes -= payload.length;
        resolve(Number(receivers));
      },
      (error) => {
        this.#own.forget(channel, payload);
        if (isMoved(error)) this.#moved(publication);
        else this.#failed(publication, error);
      },
    );
  }

  /** Never rejects: without a connection everything is listened to again when there is one. */
  async #listen(channels: readonly string[]): Promise<void> {
    this.#cork();
    const names = channels.map((channel) => this.#options.channelPrefix + channel);
    try {
      // The channels of one command would have to belong to one slot.
      if (this.#options.sharded) await Promise.all(names.map((name) => this.#client.ssubscribe(name)));
      else await this.#client.subscribe(...names);
    } catch (error) {
      if (isMoved(error)) this.#options.onMoved?.();
      else if (this.#state === "connected") {
        this.#context.logger.error("Redis refused a subscription.", { channels, error });
      }
    }
  }

  #receive(name: string, payload: Buffer): void {
    const channel = name.slice(this.#options.channelPrefix.length);
    this.#lastHeard = Date.now();
    if (this.#own.take(channel, payload)) return;
    (this.#listeners.get(channel) ?? this.#leaving.get(channel))?.(payload);
  }

  /** What is given to Redis in one turn leaves in one write: a quarter of the cost of one write each. */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    const { stream } = this.#client;
    stream.cork();
    setImmediate(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }
}

function isMoved(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("MOVED ");
}

/**
 * The order of commands and what is repeated after a loss are this package's own matter, so the client's own queues
 * and repetitions are off. It ends a connection on which a command waits and nothing comes.
 */
function createClient({ address, timeout }: RedisConnectionOptions): Redis {
  const own = {
    protocol: 3,
    replyMapping: "legacy",
    lazyConnect: false,
    keyPrefix: "",
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    socketTimeout: timeout,
    connectTimeout: timeout,
    retryStrategy: (attempt) => Math.min(retryDelays.first * 2 ** (attempt - 1), retryDelays.longest),
  } as const satisfies RedisOptions;
  return typeof address === "string" ? new Redis(address, own) : new Redis({ ...address, ...own });
}
