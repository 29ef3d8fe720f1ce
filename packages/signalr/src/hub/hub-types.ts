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

/**
 * Who a connection belongs to.
 * @typeParam User what is known of them, in whatever form
 */
export interface Identity<User> {
  /** Addresses all connections of one user; empty for someone unknown, who cannot be addressed so. */
  readonly userId: string;
  /** What handlers find as `call.user` and `connection.user`. */
  readonly user: User;
  /** When the identity ends, in milliseconds since 1970: the connection is closed then and may reconnect (rule A5). Absent: never. */
  readonly expiresAt?: number | undefined;
}

/** What a request brought along to prove who sent it. */
export interface Credentials {
  /** From `Authorization: Bearer …`, or from `?access_token=` where a browser can set no header. */
  readonly token?: string | undefined;
}

/**
 * Finds out who sent a request: at negotiate, and at a transport that nothing was negotiated for (rules A1, A4).
 * @typeParam User what is known of a user
 * @param request negotiate, an upgrade, or the first request of another transport
 * @param credentials the token it brought
 * @returns who sent it, or null to refuse it with 401; a rejection answers 500
 */
export type Authenticate<User> = (
  request: Request,
  credentials: Credentials,
) => Identity<User> | null | Promise<Identity<User> | null>;

/** For hubs that take everyone: nobody has a user id. */
export const anonymous: Authenticate<undefined> = async () => ({ userId: "", user: undefined });

/** How to part from a client. */
export interface CloseOptions {
  /** Shown to the client as it is. Absent: a farewell without an error. */
  readonly error?: string | undefined;
  /** Whether a client that reconnects by itself should. Default false. */
  readonly allowReconnect?: boolean | undefined;
}

/**
 * A client, as the handlers of a hub see it.
 * @typeParam Types what the hub was defined with
 */
export interface HubConnection<Types extends HubTypes> {
  /** Public: other clients may know it. */
  readonly id: string;
  /** Who it belongs to, as `authenticate` named them; empty for someone unknown. */
  readonly userId: string;
  /** What `authenticate` found out about them. */
  readonly user: Types["user"];
  /** Whether it has shaken hands and not ended: what is sent to it may arrive. */
  readonly isOpen: boolean;
  /** What carries it. */
  readonly transportName: TransportName;
  /**
   * The request that carries the connection: the WebSocket's upgrade, the stream of events, or the latest poll. Null
   * unless the hub has `keepRequests` (rule D12).
   */
  readonly request: ConnectionRequest | null;
  /** `json` or `messagepack`; undefined before the handshake. */
  readonly protocolName: string | undefined;
  /** Aborted when the connection ends. */
  readonly signal: AbortSignal;
  /**
   * Sends an event of one argument to this connection alone; nothing happens when it is closed.
   * @param event name of the event
   * @param payload its one argument
   * @throws when the payload holds what a protocol cannot carry, like a cycle
   */
  send<Name extends PayloadEventName<Types["events"]>>(event: Name, payload: Types["events"][Name]): void;
  /**
   * Sends an event of any number of arguments to this connection alone; nothing happens when it is closed.
   * @param event name of the event
   * @param args its arguments, typed by the function that the event is in `HubTypes`
   * @throws when an argument holds what a protocol cannot carry, like a cycle
   */
  send<Name extends keyof Types["events"] & string>(event: Name, ...args: EventArguments<Types["events"][Name]>): void;
  /**
   * Ends the connection after what was sent before (rule C1).
   * @param options what the client is told; default a farewell without an error, after which it stays away
   */
  close(options?: CloseOptions): void;
}
