import type { ProtocolName } from "../script.ts";
import { type Codec, codecOf, jsonCodec, type Message, recordSeparator } from "./codec.ts";
import { type Data, openWire, type Wire, type WireEvents, type WireOptions } from "./wire.ts";

/** Milliseconds after which a client that waits gives up. */
const patience = 5000;

/** Milliseconds after which a connection that was not ended will not be. */
const silence = 400;

export interface RawClientOptions extends WireOptions {
  readonly protocol?: ProtocolName;
}

type WireEvent = Data | { readonly ended: string };

/** Keeps what a wire brings until there is someone to listen. */
class Received implements WireEvents {
  readonly #kept: WireEvent[] = [];
  #listener: (event: WireEvent) => void = (event) => this.#kept.push(event);

  received(data: Data): void {
    this.#listener(data);
  }

  ended(how: string): void {
    this.#listener({ ended: how });
  }

  listen(listener: (event: WireEvent) => void): void {
    this.#listener = listener;
    for (const event of this.#kept.splice(0)) listener(event);
  }
}

/** A hub client that does nothing by itself: it keeps what comes, and sends what it is told. */
export class RawClient {
  /** What has come and was not taken, pings aside. */
  #messages: Message[] = [];
  /** How many pings have come. */
  pings = 0;
  /** How the connection ended, once it has. */
  end: string | undefined;
  readonly frames: ("text" | "binary")[] = [];
  readonly #codec: Codec;
  #handshake: Codec | null = jsonCodec();
  readonly wire: Wire;
  readonly #watchers = new Set<() => void>();

  private constructor(protocol: ProtocolName, wire: Wire, received: Received) {
    this.#codec = codecOf(protocol);
    this.wire = wire;
    received.listen((event) => {
      if (typeof event === "object" && "ended" in event) this.end ??= event.ended;
      else this.#receive(event);
      for (const watcher of this.#watchers) watcher();
    });
  }

  /** Opens a transport, without a handshake. */
  static async open(hub: string, options: RawClientOptions): Promise<RawClient> {
    const received = new Received();
    const wire = await openWire(hub, options, received);
    return new RawClient(options.protocol ?? "json", wire, received);
  }

  /** Opens a transport and shakes hands. */
  static async connect(hub: string, options: RawClientOptions, version = 1): Promise<RawClient> {
    const client = await RawClient.open(hub, options);
    await client.write(JSON.stringify({ protocol: options.protocol ?? "json", version }) + recordSeparator);
    await client.until((messages) => messages.length > 0);
    client.take();
    return client;
  }

  /** Opens another socket for a connection that has shaken hands. @throws Error when the server refuses */
  static async resume(hub: string, options: RawClientOptions): Promise<RawClient> {
    const client = await RawClient.open(hub, options);
    client.#handshake = null;
    return client;
  }

  /** Sends anything. */
  write(data: Data): Promise<void> {
    return this.wire.send(data);
  }

  /** Sends messages, in one piece. */
  send(...messages: readonly Message[]): Promise<void> {
    const parts = messages.map((message) => this.#codec.encode(message));
    return this.write(
      this.#codec.name === "json"
        ? parts.join("")
        : new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part)))),
    );
  }

  /** @returns what has come since the last time */
  take(): readonly Message[] {
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }

  /** @returns what the next `take` would */
  peek(): readonly Message[] {
    return this.#messages;
  }

  /** Waits for messages, or for the end of the connection. @throws Error when it takes too long */
  async until(enough: (messages: readonly Message[]) => boolean, timeout = patience): Promise<void> {
    const deadline = performance.now() + timeout;
    while (!enough(this.#messages) && this.end === undefined) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`Only this has come: ${JSON.stringify(this.#messages)}`);
      await this.#change(left);
    }
  }

  /** Waits for the end. @returns what came before, and how it ended */
  async ended(): Promise<{ readonly messages: readonly Message[]; readonly end: string | undefined }> {
    await this.until(() => false);
    return { messages: this.take(), end: this.end };
  }

  /** @returns what came, and how the connection ended if it did within a moment of silence */
  async outcome(): Promise<{ readonly messages: readonly Message[]; readonly end: string | undefined }> {
    await this.until(() => false, silence).catch(() => undefined);
    return { messages: this.take(), end: this.end };
  }

  leave(): Promise<void> {
    return this.wire.leave();
  }

  #receive(data: Data): void {
    this.frames.push(typeof data === "string" ? "text" : "binary");
    if (this.#handshake === null) this.#keep(this.#codec.decode(data));
    else this.#shakeHands(data);
  }

  /** The handshake's answer is JSON whatever follows it. */
  #shakeHands(data: Data): void {
    this.#handshake = null;
    const bytes = Buffer.from(data);
    const end = bytes.indexOf(recordSeparator) + 1;
    this.#keep(jsonCodec().decode(new Uint8Array(bytes.subarray(0, end))));
    if (end < bytes.length) this.#keep(this.#codec.decode(new Uint8Array(bytes.subarray(end))));
  }

  #keep(messages: readonly Message[]): void {
    for (const message of messages) {
      if (message["type"] === 6) this.pings++;
      else this.#messages.push(message);
    }
  }

  #change(timeout: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#watchers.delete(done);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, timeout);
      this.#watchers.add(done);
    });
  }
}
