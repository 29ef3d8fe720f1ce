import type { ConnectionRequest } from "../transports/connection-request.ts";
import type { TransportName } from "../transports/transport.ts";
import type { EventArguments, PayloadEventName } from "./hub-events.ts";

/** What a hub is typed with. */
export interface HubTypes {
  /** What `authenticate` found out about a connection's user. */
  readonly user: unknown;
  /**
   * Everything the server sends: event name → payload, `said: Message`, or a function whose parameters are the event's
   * arguments, `said(room: string, text: string): void`.
   */
  readonly events: object;
}

/** Who a connection belongs to. */
export interface Identity<User> {
  /** Addresses all connections of one user; empty for someone unknown, who cannot be addressed so. */
  readonly userId: string;
  readonly user: User;
  /** When the identity ends, in milliseconds since 1970: the connection is closed then and may reconnect. */
  readonly expiresAt?: number | undefined;
}

/** What a request brought along to prove who sent it. */
export interface Credentials {
  /** From `Authorization: Bearer …`, or from `?access_token=` where a browser can set no header. */
  readonly token?: string | undefined;
}

/** @returns who sent the request, or null to refuse it with 401 */
export type Authenticate<User> = (request: Request, credentials: Credentials) => Promise<Identity<User> | null>;

/** For hubs that take everyone. */
export const anonymous: Authenticate<undefined> = async () => ({ userId: "", user: undefined });

/** How to part from a client. */
export interface CloseOptions {
  /** Shown to the client. Absent: a farewell without an error. */
  readonly error?: string | undefined;
  /** Whether a client that reconnects by itself should. Default false. */
  readonly allowReconnect?: boolean | undefined;
}

/** A client, as the handlers of a hub see it. */
export interface HubConnection<Types extends HubTypes> {
  /** Public: other clients may know it. */
  readonly id: string;
  readonly userId: string;
  readonly user: Types["user"];
  readonly isOpen: boolean;
  readonly transportName: TransportName;
  /**
   * The request that carries the connection: the WebSocket's upgrade, the stream of events, or the latest poll. Null
   * unless the hub has `keepRequests`.
   */
  readonly request: ConnectionRequest | null;
  /** `json` or `messagepack`. */
  readonly protocolName: string | undefined;
  /** Aborted when the connection ends. */
  readonly signal: AbortSignal;
  /** Sends an event to this connection alone; nothing happens when it is closed. */
  send<Name extends PayloadEventName<Types["events"]>>(event: Name, payload: Types["events"][Name]): void;
  send<Name extends keyof Types["events"] & string>(event: Name, ...args: EventArguments<Types["events"][Name]>): void;
  /** Ends the connection after what was sent before. */
  close(options?: CloseOptions): void;
}
