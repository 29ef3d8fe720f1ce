import type { HubSettings } from "./hub-options.ts";

/** The times of a connection that matter for its end; all but `expiresAt` in the wheel's milliseconds. */
export interface ConnectionTimes {
  readonly isHandshaking: boolean;
  readonly lastSent: number;
  readonly lastReceived: number;
  /** When the socket was lost that may be replaced; null while there is one. */
  readonly suspendedSince: number | null;
  /** When the identity ends, in milliseconds since 1970. */
  readonly expiresAt: number | undefined;
  /** Whether the transport leaves it to pings to tell who is gone. */
  readonly transportPings: boolean;
  /** Whether the client has promised to be heard of, and is read. */
  readonly isAwaited: boolean;
}

/** What time asks for. */
export type Due = "nothing" | "ping" | "handshake-canceled" | "expired" | "not-resumed" | "silent";

/** @returns what is to be done `now`, by the first rule that applies */
export function dueAt(now: number, times: ConnectionTimes, settings: HubSettings): Due {
  const { lastSent, lastReceived, suspendedSince, expiresAt } = times;
  if (times.isHandshaking) return now - lastSent >= settings.handshakeTimeout ? "handshake-canceled" : "nothing";
  if (expiresAt !== undefined && Date.now() >= expiresAt) return "expired";
  if (suspendedSince !== null) return now - suspendedSince >= settings.disconnectTimeout ? "not-resumed" : "nothing";
  if (!times.transportPings) return "nothing";
  if (times.isAwaited && now - lastReceived >= settings.clientTimeout) return "silent";
  return now - lastSent >= settings.keepAliveInterval ? "ping" : "nothing";
}

/**
 * No time-out is shorter than the time between two looks, so none is missed by more than the wheel's precision.
 * @returns milliseconds until a connection is to be looked at again
 */
export function untilNextLook(
  now: number,
  lastSent: number,
  expiresAt: number | undefined,
  { handshakeTimeout, keepAliveInterval, clientTimeout, disconnectTimeout }: HubSettings,
): number {
  const untilPing = keepAliveInterval - (now - lastSent);
  const untilExpiry = expiresAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, expiresAt - Date.now());
  return Math.min(
    untilPing > 0 ? untilPing : keepAliveInterval,
    clientTimeout,
    handshakeTimeout,
    disconnectTimeout,
    untilExpiry,
  );
}
