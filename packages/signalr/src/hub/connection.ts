import type { Chunk, Frame } from "../protocol/frame.ts";
import { encodeHandshakeResponse, maximumHandshakeSize, parseHandshake } from "../protocol/handshake.ts";
import type { HubProtocol, MessageReader } from "../protocol/hub-protocol.ts";
import { type CloseMessage, type HubMessage, MessageType, ping } from "../protocol/messages.ts";
import { ProtocolError } from "../protocol/protocol-error.ts";
import { RecordReader } from "../protocol/record-reader.ts";
import type { SerializedMessage } from "../protocol/serialized-message.ts";
import type { ConnectionRequest } from "../transports/connection-request.ts";
import type { Topics } from "../transports/topics.ts";
import type { Transport, TransportName } from "../transports/transport.ts";
import type { DisconnectReason } from "./disconnect-reason.ts";
import { errorTexts } from "./error-texts.ts";
import { eventMessage } from "./hub-clients.ts";
import type { HubSettings } from "./hub-options.ts";
import type { CloseOptions, HubConnection, HubTypes, Identity } from "./hub-types.ts";
import { InputGate, type InputOwner } from "./input-gate.ts";
import type { Logger } from "./logger.ts";
import { isCounted } from "./replay-buffer.ts";
import { Resumption } from "./resumption.ts";
import type { Timed, TimerWheel } from "./timer-wheel.ts";
import type { Flushable, TurnFlusher } from "./turn-flusher.ts";

/** What a connection needs of the hub it belongs to. */
export interface ConnectionHost<Types extends HubTypes> {
  readonly settings: HubSettings;
  readonly wheel: TimerWheel;
  readonly turns: TurnFlusher;
  readonly logger: Logger;
  /** @returns the protocol of that name, or undefined when it is not spoken here */
  protocol(name: string): HubProtocol | undefined;
  /** The handshake is done: the connection can be sent to. */
  opened(connection: Connection<Types>): void;
  /** Takes every message but those that are the connection's own matter. */
  dispatch(connection: Connection<Types>, message: HubMessage): void;
  /**
   * Called once.
   * @param wasOpen whether the handshake was done
   */
  closed(connection: Connection<Types>, reason: DisconnectReason, wasOpen: boolean): void;
}

/** What the way of connecting means for a connection. */
export interface ConnectionTraits {
  /** Whether the client may replace a broken socket by another. */
  readonly resumable?: boolean;
  /** Told at the connection's end. */
  readonly onEnd?: () => void;
}

/** The protocol version from which on messages are acknowledged. */
const resumableVersion = 2;

/** Bytes a client may leave unacknowledged before its connection ends. */
const unreadLimit = 1024 * 1024;

/** How many frames a stream queues before it waits for the end of the turn. */
const framesPerTurn = 64;

type State = "handshaking" | "open" | "closed";

/** One client, from its transport's opening to its end. Keeps the order of what is sent and the times of silence. */
export class Connection<Types extends HubTypes = HubTypes>
  implements HubConnection<Types>, Timed, Flushable, InputOwner
{
  readonly id: string;
  readonly userId: string;
  readonly #host: ConnectionHost<Types>;
  readonly #traits: ConnectionTraits;
  #transport: Transport;
  #identity: Identity<Types["user"]>;
  #state: State = "handshaking";
  #handshake: RecordReader | null;
  #protocol: HubProtocol | null = null;
  #reader: MessageReader | null = null;
  #outbox: Frame[] | null = null;
  #controller: AbortController | null = null;
  #lastSent: number;
  #lastReceived: number;
  #pings = false;
  #input: InputGate | null = null;
  #writable: (() => void)[] | null = null;
  #resumption: Resumption | null = null;

  constructor(
    host: ConnectionHost<Types>,
    id: string,
    identity: Identity<Types["user"]>,
    transport: Transport,
    traits: ConnectionTraits,
  ) {
    this.id = id;
    this.userId = identity.userId;
    this.#identity = identity;
    this.#host = host;
    this.#transport = transport;
    this.#traits = traits;
    this.#handshake = new RecordReader(maximumHandshakeSize);
    this.#lastSent = host.wheel.now;
    this.#lastReceived = this.#lastSent;
    host.wheel.schedule(this, this.#nextLook(this.#lastSent));
  }

  /** What the newest token told about the user. */
  get user(): Types["user"] {
    return this.#identity.user;
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  get isClosed(): boolean {
    return this.#state === "closed";
  }

  /** @returns whether this is the connection's present transport */
  isOn(transport: Transport): boolean {
    return this.#transport === transport;
  }

  get transportName(): TransportName {
    return this.#transport.name;
  }

  get request(): ConnectionRequest | null {
    return this.#transport.request;
  }

  get protocol(): HubProtocol | null {
    return this.#protocol;
  }

  /** A resumable connection has none: what it is sent must be kept. */
  get topics(): Topics | null {
    return this.#resumption === null ? this.#transport.topics : null;
  }

  get protocolName(): string | undefined {
    return this.#protocol?.name;
  }

  /** Aborted when the connection ends. Made when first asked for. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#state === "closed") this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Sends an event to this connection alone; nothing happens when it is closed. */
  send<Name extends keyof Types["events"] & string>(event: Name, payload: Types["events"][Name]): void {
    this.enqueue(eventMessage(event, payload));
  }

  /** Ends the connection after what was sent before. */
  close({ error, allowReconnect }: CloseOptions = {}): void {
    this.end({ kind: "server-closed", error }, { type: MessageType.close, error, allowReconnect });
  }

  /** Takes what a fresh token tells about the same user. */
  refresh(identity: Identity<Types["user"]>): void {
    this.#identity = identity;
  }

  enqueue(message: SerializedMessage): void {
    if (this.#state === "open" && this.#protocol !== null) this.#push(message.frame(this.#protocol), true);
  }

  /** Queues a message for this connection alone. */
  write(message: HubMessage): void {
    if (this.#state !== "open" || this.#protocol === null) return;
    this.#push(this.#protocol.encode(message), isCounted(message));
  }

  flush(): void {
    const frames = this.#outbox;
    if (frames === null) return;
    this.#outbox = null;
    this.#lastSent = this.#host.wheel.now;
    this.#transport.write(frames);
    this.drained();
  }

  /** @returns when more may be sent without piling up: after the flush, and once the client has read enough */
  whenWritable(): Promise<void> | undefined {
    if (this.#state !== "open") return undefined;
    if ((this.#outbox?.length ?? 0) < framesPerTurn && !this.#isCongested) return undefined;
    this.#writable ??= [];
    const waiters = this.#writable;
    return new Promise((resolve) => waiters.push(resolve));
  }

  /** The transport can take more. */
  drained(): void {
    if (this.#outbox === null && !this.#isCongested) this.#resumeWriters();
  }

  /** Stops handling what the client sends, or goes on when everyone who stopped it agrees. */
  holdInput(hold: boolean): void {
    this.#input?.hold(hold);
  }

  /** Takes a part of the client's byte stream. */
  receive(chunk: Chunk): void {
    this.#lastReceived = this.#host.wheel.now;
    try {
      const rest = this.#handshake === null ? chunk : this.#shakeHands(this.#handshake, chunk);
      if (rest.length > 0) this.#input?.receive(rest);
    } catch (error) {
      this.inputFailed(error);
    }
  }

  messagesOf(chunk: Chunk): Iterator<HubMessage> {
    return (this.#reader?.read(chunk) ?? [])[Symbol.iterator]();
  }

  handle(message: HubMessage): boolean {
    if (this.#state === "open") this.#accept(message);
    return this.#state === "open";
  }

  inputFailed(error: unknown): void {
    if (!(error instanceof ProtocolError)) {
      this.#host.logger.error("Handling a message failed.", { connectionId: this.id, error });
    }
    const text = error instanceof Error ? error.message : String(error);
    if (this.#state === "handshaking") {
      this.#host.logger.debug("A handshake failed.", { connectionId: this.id, error });
      this.#refuse(errorTexts.handshakeFailed);
    } else this.end({ kind: "protocol-error", error: text }, this.#farewell(text));
  }

  inputOverflowed(): void {
    const error = "Too much is waiting to be handled.";
    this.end({ kind: "overloaded", error }, { type: MessageType.close, error, allowReconnect: true });
  }

  pauseTransport(paused: boolean): void {
    if (this.#state === "open") this.#transport.setPaused(paused);
  }

  /**
   * A transport is gone.
   * @param clean whether the client closed it on purpose
   */
  transportLost(transport: Transport, clean: boolean): void {
    if (transport !== this.#transport || this.#resumption?.suspendedSince != null) return;
    if (this.#resumption !== null && !clean && this.#state === "open") {
      this.#suspend(this.#resumption);
      return;
    }
    this.#outbox = null;
    this.end({ kind: "connection-lost" });
  }

  /**
   * Goes on over another socket: each side says where it begins, and sends again what the other has not acknowledged.
   * @returns false when this connection ends with its socket
   */
  resume(transport: Transport): boolean {
    const resumption = this.#resumption;
    if (resumption === null || this.#state !== "open" || this.#protocol === null) return false;
    if (resumption.suspendedSince === null) {
      this.#suspend(resumption);
      this.#transport.close();
    }
    this.#transport = transport;
    resumption.suspendedSince = null;
    this.#lastReceived = this.#host.wheel.now;
    const { replay } = resumption;
    const beginning = this.#protocol.encode({ type: MessageType.sequence, sequenceId: replay.firstUnacknowledged });
    this.#outbox = [beginning, ...replay.unacknowledged];
    this.#host.turns.mark(this, this.topics !== null);
    return true;
  }

  onTimer(now: number): number | null {
    if (this.#state !== "closed") this.#look(now);
    return this.isClosed ? null : this.#nextLook(now);
  }

  /**
   * Ends the connection: what was queued goes out, then `farewell`, then the transport is closed.
   * Does nothing when it has ended before.
   */
  end(reason: DisconnectReason, farewell?: CloseMessage): void {
    const before = this.#state;
    if (before === "closed") return;
    if (farewell !== undefined) this.write(farewell);
    this.#state = "closed";
    this.#handshake = null;
    this.#reader = null;
    this.#input = null;
    this.flush();
    this.#transport.close();
    this.#controller?.abort();
    this.#resumeWriters();
    this.#host.closed(this, reason, before === "open");
    // The wheel knows this connection a while longer; what was kept for another socket need not wait for that.
    this.#resumption = null;
    this.#traits.onEnd?.();
  }

  /** Does what the time asks for: a ping, or the end of a connection that was silent for too long. */
  #look(now: number): void {
    const { handshakeTimeout, keepAliveInterval, clientTimeout, disconnectTimeout } = this.#host.settings;
    const suspendedSince = this.#resumption?.suspendedSince ?? null;
    const silence = now - this.#lastReceived;
    if (this.#state === "handshaking") {
      if (now - this.#lastSent >= handshakeTimeout) this.#refuse(errorTexts.handshakeCanceled);
    } else if (this.#identity.expiresAt !== undefined && Date.now() >= this.#identity.expiresAt) {
      this.end({ kind: "authentication-expired" }, { type: MessageType.close, allowReconnect: true });
    } else if (suspendedSince !== null) {
      if (now - suspendedSince >= disconnectTimeout) this.end({ kind: "connection-lost" });
    } else if (!this.#transport.pings) {
      return;
    } else if (this.#input?.isHeld !== true && (this.#pings || this.#reader?.hasPartial) && silence >= clientTimeout) {
      this.end({ kind: "timed-out" }, this.#farewell("Client timed out."));
    } else if (now - this.#lastSent >= keepAliveInterval) {
      this.write(ping);
      this.#lastSent = now;
    }
  }

  /** No time-out is shorter than the time between two looks, so none is missed by more than the wheel's precision. */
  #nextLook(now: number): number {
    const { handshakeTimeout, keepAliveInterval, clientTimeout, disconnectTimeout } = this.#host.settings;
    const untilPing = keepAliveInterval - (now - this.#lastSent);
    const untilExpiry =
      this.#identity.expiresAt === undefined
        ? Number.POSITIVE_INFINITY
        : Math.max(0, this.#identity.expiresAt - Date.now());
    return Math.min(
      untilPing > 0 ? untilPing : keepAliveInterval,
      clientTimeout,
      handshakeTimeout,
      disconnectTimeout,
      untilExpiry,
    );
  }

  get #isCongested(): boolean {
    const unacknowledged = this.#resumption?.replay.bytes ?? 0;
    return unacknowledged > this.#host.settings.statefulReconnectBuffer || this.#transport.isCongested;
  }

  /** @param counted whether the frame is kept for another socket until it is acknowledged */
  #push(frame: Frame, counted: boolean): void {
    if (this.#resumption !== null) {
      if (counted) this.#keep(this.#resumption, frame);
      if (this.#resumption.suspendedSince !== null) return;
    }
    if (this.#outbox !== null) {
      this.#outbox.push(frame);
      return;
    }
    this.#outbox = [frame];
    this.#host.turns.mark(this, this.topics !== null);
  }

  /** The end waits for the present task to be through: it may be a delivery that goes on to others. */
  #keep({ replay }: Resumption, frame: Frame): void {
    replay.add(frame);
    if (replay.bytes <= unreadLimit) return;
    queueMicrotask(() => this.end({ kind: "overloaded", error: "The client acknowledges too little." }));
  }

  /** The socket is gone: what it brought half is worth nothing, for it will be sent again. */
  #suspend(resumption: Resumption): void {
    resumption.suspendedSince = this.#host.wheel.now;
    resumption.replay.expectSequence();
    this.#input?.clear();
    this.#outbox = null;
    this.#reader = this.#newReader();
  }

  #newReader(): MessageReader | null {
    const { maximumMessageSize, maximumDepth } = this.#host.settings;
    return this.#protocol?.createReader({ maximumMessageSize, maximumDepth }) ?? null;
  }

  /** @returns what came behind the handshake, empty while it is not whole */
  #shakeHands(records: RecordReader, chunk: Chunk): Chunk {
    records.append(chunk);
    const record = records.next();
    if (record === undefined) return "";
    const { protocol: name, version } = parseHandshake(record);
    const protocol = this.#host.protocol(name);
    if (protocol === undefined) {
      this.#refuse(errorTexts.protocolUnknown(name));
      return "";
    }
    if (version < 1 || version > protocol.version) {
      this.#refuse(errorTexts.versionUnknown(version, name));
      return "";
    }
    if (protocol.transferFormat === "Binary" && this.#transport.transferFormat === "Text") {
      this.#refuse(errorTexts.formatUnsupported(name));
      return "";
    }
    this.#handshake = null;
    this.#protocol = protocol;
    this.#reader = this.#newReader();
    this.#input = new InputGate(this);
    this.#state = "open";
    this.#push(handshakeFrame(protocol, encodeHandshakeResponse()), false);
    if (version >= resumableVersion && this.#traits.resumable === true) {
      this.#resumption = new Resumption(this.#host.wheel, (message) => this.write(message));
    }
    this.#host.opened(this);
    return records.takeRest();
  }

  #refuse(error: string): void {
    this.#outbox = [encodeHandshakeResponse(error)];
    this.end({ kind: "protocol-error", error });
  }

  #resumeWriters(): void {
    const waiters = this.#writable;
    if (waiters === null) return;
    this.#writable = null;
    for (const resolve of waiters) resolve();
  }

  #accept(message: HubMessage): void {
    if (this.#resumption !== null && !this.#resumption.receives(message)) {
      this.drained();
      return;
    }
    switch (message.type) {
      case MessageType.ping:
        this.#pings = true;
        return;
      case MessageType.close:
        this.end(
          message.error === undefined ? { kind: "client-closed" } : { kind: "client-failed", error: message.error },
          { type: MessageType.close },
        );
        return;
      default:
        this.#host.dispatch(this, message);
    }
  }

  /** The close message for a failure that a new connection may mend. */
  #farewell(detail: string): CloseMessage {
    const { closedWithError } = errorTexts;
    const error = this.#host.settings.detailedErrors ? `${closedWithError} ${detail}` : closedWithError;
    return { type: MessageType.close, error, allowReconnect: true };
  }
}

const encoder = new TextEncoder();

/** The handshake's answer is JSON, but travels like the frames of the protocol it opens. */
function handshakeFrame(protocol: HubProtocol, response: string): Frame {
  return protocol.transferFormat === "Text" ? response : encoder.encode(response);
}
