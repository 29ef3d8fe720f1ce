import type { Logger } from "../hub/logger.ts";

/** Takes what arrives on a channel. It does not throw. */
export type ChannelListener = (payload: Uint8Array) => void;

/**
 * Carries payloads between nodes by channel, at most once. What one node publishes to one channel arrives in the order
 * it was published in; a node is never brought what it has published itself.
 */
export interface MessageBus {
  /** Resolves when the bus is open for the first time. */
  readonly ready: Promise<void>;

  /**
   * Listens to a channel until `unsubscribe`, through losses of the connection too.
   * @returns a promise that never rejects: it resolves when everything published from now on arrives, or when the bus
   * is away, which it will tell
   */
  subscribe(channel: string, listener: ChannelListener): Promise<void>;

  /** The channel's listener is called for what is under way, and then no more. */
  unsubscribe(channel: string): void;

  /**
   * @returns how many nodes were listening, this one included
   * @throws BusError when the payload may have been lost
   */
  publish(channel: string, payload: Uint8Array<ArrayBuffer>): Promise<number>;

  /**
   * @returns how many nodes listen to a channel now
   * @throws Error when the bus is away
   */
  receivers(channel: string): Promise<number>;

  /** Ends the bus after what was published before; what still waits fails. */
  close(): Promise<void>;
}

/** Whom a bus tells what befalls it. */
export interface BusContext {
  readonly logger: Logger;
  /** The connection is gone: what was under way will never arrive. */
  onLost(): void;
  /** The connection is back, and every channel is listened to again. */
  onMissed(gap: BusGap): void;
}

/** A time in which payloads may have been lost, in both directions. */
export interface BusGap {
  /** When it began and ended, in milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
  /** How many of this node's own publications may have reached nobody. */
  readonly failedPublications: number;
}

/** Opens a bus; does not wait until it is open. */
export type OpenBus = (context: BusContext) => MessageBus;

/** Why a payload may have been lost. */
export class BusError extends Error {
  override readonly name = "BusError";
}
