import type { Chunk } from "../protocol/frame.ts";
import { encodeHandshakeResponse, maximumHandshakeSize } from "../protocol/handshake.ts";
import type { HubProtocol, MessageReader } from "../protocol/hub-protocol.ts";
import { type CloseMessage, type HubMessage, MessageType, ping } from "../protocol/messages.ts";
import { ProtocolError } from "../protocol/protocol-error.ts";
import { RecordReader } from "../protocol/record-reader.ts";
import type { SerializedMessage } from "../protocol/serialized-message.ts";
import type { ConnectionRequest } from "../transports/connection-request.ts";
import type { Transport, TransportName } from "../transports/transport.ts";
import { acceptance, acceptHandshake } from "./accept-handshake.ts";
import type { ConnectionHost, ConnectionTraits } from "./connection-host.ts";
import { ConnectionOutput } from "./connection-output.ts";
import { dueAt, untilNextLook } from "./connection-times.ts";
import type { DisconnectReason } from "./disconnect-reason.ts";
import { errorTexts } from "./error-texts.ts";
import { eventMessage } from "./hub-clients.ts";
import type { EventArguments, PayloadEventName } from "./hub-events.ts";
import type { CloseOptions, HubConnection, HubTypes, Identity } from "./hub-types.ts";
import { InputGate, type InputOwner } from "./input-gate.ts";
import { isCounted } from "./replay-buffer.ts";
import { Resumption } from "./resumption.ts";
import type { Timed } from "./timer-wheel.ts";
import type { TurnBudget } from "./turn-budget.ts";

export type { ConnectionTraits } from "./connection-host.ts";

/** Shared by all that have nothing special. */
const plain: ConnectionTraits = {};

/** The protocol version from which on messages are acknowledged. */
const resumableVersion = 2;

const open = { kind: "open" } as const;
/** The client has said goodbye, and what it asked for before may wait for a turn. */
const leaving = { kind: "leaving" } as const;
const closed = { kind: "closed" } as const;
type Handshaking = { readonly kind: "handshaking"; readonly records: RecordReader };
type State = Handshaking | typeof open | typeof leaving | typeof closed;

/** One client, from its transport's opening to its end: its states, and what time asks of it in each. */
export class Connection<Types extends HubTypes = HubTypes>
  extends ConnectionOutput<ConnectionHost<Connection<Types>>>
  implements HubConnection<Types>, Timed, InputOwner
{
  readonly id: string;
  readonly userId: string;
  #traits: ConnectionTraits;
  /** What the newest token told about the user. */
  #user: Types["user"];
  #expiresAt: number | undefined;
  #state: State = { kind: "handshaking", records: new RecordReader(maximumHandshakeSize) };
  #protocol: HubProtocol | null = null;
  /** Null while nothing of the client's waits. */
  #input: InputGate | null = null;
  #controller: AbortController | null = null;
  #lastReceived: number;
  #pings = false;

  constructor(
    host: ConnectionHost<Connection<Types>>,
    id: string,
    identity: Identity<Types["user"]>,
    transport: Transport,
    traits: ConnectionTraits = plain,
  ) {
    super(host, transport);
    this.id = id;
    this.userId = identity.userId;
    this.#user = identity.user;
    this.#expiresAt = identity.expiresAt;
    this.#traits = traits;
    this.#lastReceived = this.lastSent;
    host.wheel.schedule(this, this.#untilNextLook(this.#lastReceived));
  }

  get user(): Types["user"] {
    return this.#user;
  }

  get isOpen(): boolean {
    return this.#state === open;
  }

  get isClosed(): boolean {
    return this.#state === closed;
  }

  /** @returns whether this is the connection's present transport */
  isOn(transport: Transport): boolean {
    return this.transport === transport;
  }

  get transportName(): TransportName {
    return this.transport.name;
  }

  get request(): ConnectionRequest | null {
    return this.transport.request;
  }

  get budget(): TurnBudget {
    return this.host.budget;
  }

  get largestFrame(): number {
    return this.host.largestFrame;
  }

  get protocol(): HubProtocol | null {
    return this.#protocol;
  }

  get protocolName(): string | undefined {
    return this.#protocol?.name;
  }

  /** Aborted when the connection ends. Made when first asked for. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.isClosed) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Sends an event to this connection alone; nothing happens when it is closed. */
  send<Name extends PayloadEventName<Types["events"]>>(event: Name, payload: Types["events"][Name]): void;
  send<Name extends keyof Types["events"] & string>(event: Name, ...args: EventArguments<Types["events"][Name]>): void;
  send(event: string, ...args: readonly unknown[]): void {
    this.enqueue(eventMessage(event, args));
  }

  /** Ends the connection after what was sent before. */
  close({ error, allowReconnect }: CloseOptions = {}): void {
    this.end({ kind: "server-closed", error }, { type: MessageType.close, error, allowReconnect });
  }

  /** Takes what a fresh token tells about the same user. */
  refresh({ user, expiresAt }: Identity<Types["user"]>): void {
    this.#user = user;
    this.#expiresAt = expiresAt;
  }

  enqueue(message: SerializedMessage): void {
    const protocol = this.#writable;
    if (protocol !== null) this.push(message.frame(protocol), true);
  }

  /** Queues a message for this connection alone. */
  write(message: HubMessage): void {
    const protocol = this.#writable;
    if (protocol !== null) this.push(protocol.encode(message), isCounted(message));
  }

  /** Stops handling what the client sends, or goes on when everyone who stopped it agrees. */
  holdInput(hold: boolean): void {
    if (hold) this.#gate()?.hold(true);
    else this.#input?.hold(false);
  }

  /** Takes a part of the client's byte stream. */
  receive(chunk: Chunk): void {
    this.#lastReceived = this.host.wheel.now;
    try {
      const rest = this.#state.kind === "handshaking" ? this.#shakeHands(this.#state.records, chunk) : chunk;
      if (rest.length > 0) this.#gate()?.receive(rest);
    } catch (error) {
      this.inputFailed(error);
    }
  }

  handle(message: HubMessage): boolean {
    if (this.isOpen) this.#accept(message);
    return this.isOpen;
  }

  inputRead(): void {
    if (this.#input?.isIdle === true) this.#input = null;
  }

  inputFailed(error: unknown): void {
    if (!(error instanceof ProtocolError)) {
      this.host.logger.error("Handling a message failed.", { connectionId: this.id, error });
    }
    const text = error instanceof Error ? error.message : String(error);
    if (this.#state.kind === "handshaking") {
      this.host.logger.debug("A handshake failed.", { connectionId: this.id, error });
      this.#refuse(errorTexts.handshakeFailed);
    } else this.end({ kind: "protocol-error", error: text }, this.#farewell(text));
  }

  inputOverflowed(): void {
    const error = "Too much is waiting to be handled.";
    this.end({ kind: "overloaded", error }, { type: MessageType.close, error, allowReconnect: true });
  }

  protected outputOverflowed(error: string): void {
    this.end({ kind: "overloaded", error });
  }

  pauseTransport(paused: boolean): void {
    if (this.isOpen) this.transport.setPaused(paused);
  }

  /**
   * A transport is gone.
   * @param clean whether the client closed it on purpose
   */
  transportLost(transport: Transport, clean: boolean): void {
    if (!this.isOn(transport) || this.suspendedSince !== null) return;
    const { resumption } = this;
    if (resumption !== null && this.#protocol !== null && !clean && this.isOpen) {
      this.#suspend(resumption, this.#protocol);
      return;
    }
    this.discard();
    this.leave({ kind: "connection-lost" });
  }

  /** The client has gone: the connection ends once all is handled that came before and waits for nothing but time. */
  leave(reason: DisconnectReason, farewell?: CloseMessage): void {
    // The goodbye may have waited too, and came before the end of its socket.
    if (this.#state === leaving && farewell === undefined) return;
    const { budget } = this.host;
    const isInputBehind = this.#input !== null && budget.isWaiting(this.#input);
    if (isInputBehind || this.host.isBehind(this)) budget.onNextTurn(() => this.leave(reason, farewell));
    else this.end(reason, farewell);
  }

  /**
   * A transport is closed, whoever closed it.
   * @param clean whether the client closed it on purpose
   */
  transportClosed(transport: Transport, clean: boolean): void {
    this.transportLost(transport, clean);
    this.host.transportClosed();
  }

  /**
   * Goes on over another socket: each side says where it begins, and sends again what the other has not acknowledged.
   * @returns false when this connection ends with its socket
   */
  resume(transport: Transport): boolean {
    const { resumption } = this;
    if (resumption === null || !this.isOpen || this.#protocol === null) return false;
    if (resumption.suspendedSince === null) {
      this.#suspend(resumption, this.#protocol);
      this.transport.close();
    }
    this.#lastReceived = this.host.wheel.now;
    const sequenceId = resumption.replay.firstUnacknowledged;
    this.resumeOutput(resumption, transport, this.#protocol.encode({ type: MessageType.sequence, sequenceId }));
    return true;
  }

  onTimer(now: number): number | null {
    if (!this.isClosed) this.#look(now);
    return this.isClosed ? null : this.#untilNextLook(now);
  }

  /**
   * Ends the connection: what was queued goes out, then `farewell`, then the transport is closed.
   * Does nothing when it has ended before.
   */
  end(reason: DisconnectReason, farewell?: CloseMessage): void {
    if (this.isClosed) return;
    const wasOpen = this.#state.kind !== "handshaking";
    if (farewell !== undefined) this.write(farewell);
    this.#state = closed;
    this.#input = null;
    this.closeOutput();
    this.#controller?.abort();
    this.host.closed(this, reason, wasOpen);
    // The wheel knows this connection a while longer; what was kept for another socket need not wait for that.
    this.resumption = null;
    this.#traits.onEnd?.();
  }

  /** Does what the time asks for. */
  #look(now: number): void {
    const { suspendedSince, lastSent, transport } = this;
    const times = {
      isHandshaking: this.#state.kind === "handshaking",
      lastSent,
      lastReceived: this.#lastReceived,
      suspendedSince,
      expiresAt: this.#expiresAt,
      transportPings: transport.pings,
      isAwaited: this.#input === null ? this.#pings : !this.#input.isHeld && (this.#pings || this.#input.hasPartial),
    };
    switch (dueAt(now, times, this.host.settings)) {
      case "nothing":
        return;
      case "ping":
        this.write(ping);
        this.lastSent = now;
        return;
      case "handshake-canceled":
        this.#refuse(errorTexts.handshakeCanceled);
        return;
      case "expired":
        this.end({ kind: "authentication-expired" }, { type: MessageType.close, allowReconnect: true });
        return;
      case "not-resumed":
        this.end({ kind: "connection-lost" });
        return;
      case "silent":
        this.end({ kind: "timed-out" }, this.#farewell("Client timed out."));
    }
  }

  /** The protocol in which to write; null when what is written would go nowhere. */
  get #writable(): HubProtocol | null {
    return !this.isClosed && this.takesFrames ? this.#protocol : null;
  }

  #untilNextLook(now: number): number {
    return untilNextLook(now, this.lastSent, this.#expiresAt, this.host.settings);
  }

  /** The socket is gone: what it brought half is worth nothing, for it will be sent again. */
  #suspend(resumption: Resumption, protocol: HubProtocol): void {
    this.suspendOutput(resumption);
    this.#input?.restart(this.#newReader(protocol));
  }

  /** @returns what takes the client's messages; null when none are taken */
  #gate(): InputGate | null {
    if (this.#protocol === null || !this.isOpen) return null;
    this.#input ??= new InputGate(this, this.#newReader(this.#protocol));
    return this.#input;
  }

  #newReader(protocol: HubProtocol): MessageReader {
    return protocol.createReader(this.host.settings);
  }

  /** @returns what came behind the handshake, empty while it is not whole */
  #shakeHands(records: RecordReader, chunk: Chunk): Chunk {
    const outcome = acceptHandshake(records, chunk, this.host, this.transport.transferFormat);
    switch (outcome.kind) {
      case "incomplete":
        return "";
      case "refused":
        this.#refuse(outcome.error);
        return "";
      case "accepted":
        this.#open(outcome.protocol, outcome.version);
        return outcome.rest;
    }
  }

  #open(protocol: HubProtocol, version: number): void {
    this.#protocol = protocol;
    this.#state = open;
    this.push(acceptance(protocol), false);
    if (version >= resumableVersion && this.#traits.resumable === true) {
      this.resumption = new Resumption(this.host.wheel, (message) => this.write(message));
    } else if (this.#traits.letGo?.() === true) this.#traits = plain;
    this.host.opened(this);
  }

  #refuse(error: string): void {
    this.push(encodeHandshakeResponse(error), false);
    this.end({ kind: "protocol-error", error });
  }

  #accept(message: HubMessage): void {
    const { resumption } = this;
    if (resumption !== null) {
      if (message.type === MessageType.sequence && resumption.replay.awaitsSequence) this.sendAgain(resumption);
      if (!resumption.receives(message)) {
        this.drained();
        return;
      }
    }
    switch (message.type) {
      case MessageType.ping:
        this.#pings = true;
        return;
      case MessageType.close:
        this.#takeLeave(message);
        return;
      default:
        this.host.dispatch(this, message);
    }
  }

  #takeLeave({ error }: CloseMessage): void {
    this.#state = leaving;
    const reason: DisconnectReason = error === undefined ? { kind: "client-closed" } : { kind: "client-failed", error };
    this.host.budget.onNextTurn(() => this.leave(reason, { type: MessageType.close }));
  }

  /** The close message for a failure that a new connection may mend. */
  #farewell(detail: string): CloseMessage {
    const { closedWithError } = errorTexts;
    const error = this.host.settings.detailedErrors ? `${closedWithError} ${detail}` : closedWithError;
    return { type: MessageType.close, error, allowReconnect: true };
  }
}
