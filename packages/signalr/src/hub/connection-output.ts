import type { Frame } from "../protocol/frame.ts";
import type { Topics } from "../transports/topics.ts";
import type { Transport } from "../transports/transport.ts";
import type { HubSettings } from "./hub-options.ts";
import type { Resumption } from "./resumption.ts";
import type { TimerWheel } from "./timer-wheel.ts";
import type { Backlog, TurnBudget } from "./turn-budget.ts";
import type { Flushable, TurnFlusher } from "./turn-flusher.ts";

/** What all connections of a hub share. */
export interface OutputHost {
  readonly settings: HubSettings;
  readonly wheel: TimerWheel;
  readonly turns: TurnFlusher;
  readonly budget: TurnBudget;
}

/** Bytes a client may leave unacknowledged, and may be sent within one task, before its connection ends. */
const unreadLimit = 1024 * 1024;

/** Bytes queued from which on they are written after the present task, before the turn is over. */
const soonLimit = 64 * 1024;

/** In place of the size of what is queued: nothing more is taken. */
const overflowed = -1;

/** How many frames a stream queues before it waits for the end of the turn. */
const framesPerTurn = 64;

/**
 * What a connection sends, in order: it leaves in one write a turn, and is kept until it is acknowledged where the
 * socket may be replaced. A base and not a part of the connection: a second object for each would cost 80 bytes, and
 * every delivery another way through memory.
 */
export abstract class ConnectionOutput<Host extends OutputHost> implements Flushable, Backlog {
  protected readonly host: Host;
  /** When the client was last sent something, in the wheel's milliseconds. */
  protected lastSent: number;
  /** For a connection that may outlive its socket. */
  protected resumption: Resumption | null = null;
  #transport: Transport;
  #frames: Frame[] | null = null;
  /** Length of what is queued: of text in units of UTF-16, which are bytes or more. */
  #queued = 0;
  #writers: (() => void)[] | null = null;

  constructor(host: Host, transport: Transport) {
    this.host = host;
    this.#transport = transport;
    this.lastSent = host.wheel.now;
  }

  abstract get isOpen(): boolean;

  /** The client is sent more than it takes. */
  protected abstract outputOverflowed(error: string): void;

  protected get transport(): Transport {
    return this.#transport;
  }

  /** A resumable connection has none: what it is sent must be kept. */
  get topics(): Topics | null {
    return this.resumption === null ? this.#transport.topics : null;
  }

  protected get suspendedSince(): number | null {
    return this.resumption?.suspendedSince ?? null;
  }

  /** Whether it is worth encoding anything more. */
  protected get takesFrames(): boolean {
    return this.#queued !== overflowed;
  }

  /** @param counted whether the frame is kept for another socket until it is acknowledged */
  protected push(frame: Frame, counted: boolean): void {
    if (!this.takesFrames) return;
    if (this.resumption !== null && !this.#keep(this.resumption, frame, counted)) return;
    if (this.#frames !== null) this.#frames.push(frame);
    else {
      this.#frames = [frame];
      this.#mark();
    }
    const before = this.#queued;
    this.#queued += frame.length;
    if (this.#queued <= soonLimit) return;
    if (before > unreadLimit) this.#overflow("The client is sent too much at once.");
    else if (before <= soonLimit) queueMicrotask(() => this.flush());
  }

  flush(): void {
    const frames = this.#takeFrames();
    if (frames === null) return;
    this.lastSent = this.host.wheel.now;
    this.#transport.write(frames);
    this.drained();
  }

  /** @returns when more may be sent without piling up: when there is time, after the flush, and once the client has read enough */
  whenWritable(): Promise<void> | undefined {
    if (!this.isOpen) return undefined;
    const isFull = this.#isFull;
    if (!isFull && !this.host.budget.isSpent) return undefined;
    this.#writers ??= [];
    const writers = this.#writers;
    const writable = new Promise<void>((resolve) => writers.push(resolve));
    if (!isFull) this.host.budget.wait(this);
    return writable;
  }

  /** The transport can take more. */
  drained(): void {
    if (this.#writers !== null && !this.#isFull) this.host.budget.wait(this);
  }

  /** Lets the stream write that has waited longest. */
  goOn(): boolean {
    if (this.#isFull) return false;
    this.#writers?.shift()?.();
    if (this.#writers?.length === 0) this.#writers = null;
    return this.#writers !== null;
  }

  /** The transport is gone, and what was queued for it; nothing more is taken. */
  protected discard(): void {
    this.#takeFrames();
    this.#queued = overflowed;
  }

  /** The socket is gone: what it was sent will be sent again as far as it is not acknowledged. */
  protected suspendOutput(resumption: Resumption): void {
    resumption.suspendedSince = this.host.wheel.now;
    resumption.replay.expectSequence();
    this.#takeFrames();
  }

  /**
   * Goes on over another socket. Nothing is sent again before the client has said where it begins: one that comes back
   * again and again, and says nothing, costs little.
   * @param beginning tells the client where it goes on
   */
  protected resumeOutput(resumption: Resumption, transport: Transport, beginning: Frame): void {
    this.#transport = transport;
    resumption.suspendedSince = null;
    this.push(beginning, false);
  }

  /** The client has said where it begins. */
  protected sendAgain({ replay }: Resumption): void {
    if (replay.unacknowledged.length === 0 || !this.takesFrames) return;
    if (this.#frames === null) this.#mark();
    this.#frames = [...(this.#frames ?? []), ...replay.unacknowledged];
    this.#queued += replay.bytes;
  }

  /** Writes what is queued and closes the transport. */
  protected closeOutput(): void {
    this.flush();
    this.#transport.close();
    this.#resumeWriters();
  }

  /** Whether streams wait for what was queued or sent before. */
  get #isFull(): boolean {
    return (this.#frames?.length ?? 0) >= framesPerTurn || this.#isCongested;
  }

  get #isCongested(): boolean {
    const unacknowledged = this.resumption?.replay.bytes ?? 0;
    return unacknowledged > this.host.settings.statefulReconnectBuffer || this.#transport.isCongested;
  }

  #mark(): void {
    this.host.turns.mark(this, this.topics !== null);
  }

  /** @returns whether the frame is to be sent now, and not only when the client goes on over another socket */
  #keep({ replay, suspendedSince }: Resumption, frame: Frame, counted: boolean): boolean {
    if (counted) {
      replay.add(frame);
      if (replay.bytes > unreadLimit) this.#overflow("The client acknowledges too little.");
    }
    return suspendedSince === null && !(counted && replay.awaitsSequence) && this.takesFrames;
  }

  /** The end waits for the present task to be through: it may be a delivery that goes on to others. */
  #overflow(error: string): void {
    this.#queued = overflowed;
    queueMicrotask(() => this.outputOverflowed(error));
  }

  #takeFrames(): Frame[] | null {
    const frames = this.#frames;
    this.#frames = null;
    if (this.takesFrames) this.#queued = 0;
    return frames;
  }

  #resumeWriters(): void {
    const writers = this.#writers;
    if (writers === null) return;
    this.#writers = null;
    for (const resolve of writers) resolve();
  }
}
