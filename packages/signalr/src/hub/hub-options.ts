import type { TransportName } from "../transports/transport.ts";
import type { DisconnectReason } from "./disconnect-reason.ts";
import type { HubFilter } from "./hub-filter.ts";
import type { HubMethod } from "./hub-method.ts";
import type { Authenticate, HubConnection, HubTypes, Identity } from "./hub-types.ts";

export type { HubMethod } from "./hub-method.ts";
export { type Authenticate, anonymous, type Credentials, type HubTypes, type Identity } from "./hub-types.ts";

/** Where a client negotiates next (rule N4). */
export interface Redirection {
  /** Address of the hub there. */
  readonly url: string;
  /** What the client shows there instead of its own token. */
  readonly accessToken?: string;
}

/**
 * What a hub is made of. Limits are positive numbers; `createSignalR` throws a RangeError for others.
 * @typeParam Types its user and events
 */
export interface HubOptions<Types extends HubTypes> {
  /** Path of the hub, like `/hubs/chat`; matched without regard to case. */
  readonly path: string;
  /** Says who a client is; `anonymous` takes everyone (rules A1, A4). */
  readonly authenticate: Authenticate<Types["user"]>;
  /** Method name → handler; clients may write the name in any case (rules D1 to D3). */
  readonly methods: Readonly<Record<string, HubMethod<Types>>>;
  /** Method name → handler of a method that streams its results: it returns, or resolves to, something to iterate over (rule D6). */
  readonly streams?: Readonly<Record<string, HubMethod<Types>>>;
  /** Run around every method, the first one outermost (rule D11). */
  readonly filters?: readonly HubFilter<Types>[];
  /**
   * Runs before any invocation of the connection; a throw closes it (rules D3, E4).
   * @param connection the new one, which can be sent to and put into groups
   */
  onConnected?(connection: HubConnection<Types>): unknown;
  /**
   * Runs once, when the connection is out of all groups (rules C3, L3).
   * @param connection the one that has ended
   * @param reason why
   */
  onDisconnected?(connection: HubConnection<Types>, reason: DisconnectReason): unknown;
  /**
   * Sends a client that negotiates elsewhere, with a token for there if need be (rule N4).
   * @param request its negotiate
   * @param identity who it is
   * @returns where to; null keeps it here
   */
  redirect?(request: Request, identity: Identity<Types["user"]>): Redirection | null | Promise<Redirection | null>;
  /**
   * Says which pages may connect (rules A2, A3). Default: those of the request's own host.
   * @param origin the page's, like `https://example.com`; requests that carry none are not asked about
   * @param request negotiate, an upgrade, or any other request to the hub
   * @returns whether they may; false answers 403
   */
  allowedOrigins?(origin: string, request: Request): boolean;
  /** Bytes of one message from a client (rule P3). Default 32 KiB. */
  readonly maximumMessageSize?: number;
  /** Levels of arrays and objects in one message from a client (rule P4). Default 16. */
  readonly maximumDepth?: number;
  /** Whether handlers may see the request that carries a connection; costs about 1 KB a connection (rule D12). Default false. */
  readonly keepRequests?: boolean;
  /** Whether clients may see the names and messages of errors (rule E2). Default false. */
  readonly detailedErrors?: boolean;
  /** Milliseconds without a frame to the client after which it is pinged (rule T1). Default 15,000. */
  readonly keepAliveInterval?: number;
  /** Milliseconds a client that pings may be silent (rules T2, T3). Default 30,000. */
  readonly clientTimeout?: number;
  /** Milliseconds from the opened transport to the handshake, and from negotiate to the transport (rules HS3, N3). Default 15,000. */
  readonly handshakeTimeout?: number;
  /**
   * How many negotiated connections wait for their transport; above it the oldest is forgotten (rule N6). Default 20,000,
   * some 20 MB.
   */
  readonly maximumPromisedConnections?: number;
  /** How many invocations of one connection may run at once; they start in the order they came (rule D3). Default 1. */
  readonly maximumParallelInvocations?: number;
  /**
   * How many invocations of one connection wait, each of any size, before its client is not read any more (rule D4).
   * Default 100.
   */
  readonly maximumQueuedInvocations?: number;
  /** How many streams one connection may have open each way (rule D13). Default 100. */
  readonly maximumStreams?: number;
  /**
   * Members from which on the runtime itself writes to a group, where it can (rule S4). Default 1,000: under Bun a delivery
   * there takes about 0.1 µs less at ten messages a turn, and each membership 110 bytes more. Of large groups a
   * connection has few, of small ones many, and those would not be worth it.
   */
  readonly nativeRoomSize?: number;
  /** Which transports clients may use (rule H2). Default all three. */
  readonly transports?: readonly TransportName[];
  /** Lowest version of negotiate taken; 1 shuts out clients that have no secret token (rule N2). Default 0. */
  readonly minimumNegotiateVersion?: number;
  /** Milliseconds a poll is held without data (rule H3). Default 90,000. */
  readonly pollTimeout?: number;
  /** Milliseconds a polling client may be without a poll, and a resumable one without a socket (rules H4, SR3). Default 15,000. */
  readonly disconnectTimeout?: number;
  /** Whether clients that ask for it may replace a broken WebSocket without losing anything (rules SR1, SR5). Default false. */
  readonly statefulReconnect?: boolean;
  /** Bytes a resumable client may leave unacknowledged before streams to it wait (rule SR4). Default 100,000. */
  readonly statefulReconnectBuffer?: number;
}

/** The options of a hub with their defaults filled in: what does not depend on its types. */
export interface HubSettings {
  readonly maximumMessageSize: number;
  readonly maximumDepth: number;
  readonly keepRequests: boolean;
  readonly detailedErrors: boolean;
  readonly keepAliveInterval: number;
  readonly clientTimeout: number;
  readonly handshakeTimeout: number;
  readonly maximumPromisedConnections: number;
  readonly maximumParallelInvocations: number;
  readonly maximumQueuedInvocations: number;
  readonly maximumStreams: number;
  readonly nativeRoomSize: number;
  readonly transports: readonly TransportName[];
  readonly minimumNegotiateVersion: number;
  readonly pollTimeout: number;
  readonly disconnectTimeout: number;
  readonly statefulReconnect: boolean;
  readonly statefulReconnectBuffer: number;
}

/** @throws RangeError when a limit is not a positive number */
export function settingsOf<Types extends HubTypes>(options: HubOptions<Types>): HubSettings {
  return {
    maximumMessageSize: positive("maximumMessageSize", options.maximumMessageSize ?? 32 * 1024),
    maximumDepth: positive("maximumDepth", options.maximumDepth ?? 16),
    keepRequests: options.keepRequests ?? false,
    detailedErrors: options.detailedErrors ?? false,
    keepAliveInterval: positive("keepAliveInterval", options.keepAliveInterval ?? 15_000),
    clientTimeout: positive("clientTimeout", options.clientTimeout ?? 30_000),
    handshakeTimeout: positive("handshakeTimeout", options.handshakeTimeout ?? 15_000),
    maximumPromisedConnections: positive("maximumPromisedConnections", options.maximumPromisedConnections ?? 20_000),
    maximumParallelInvocations: positive("maximumParallelInvocations", options.maximumParallelInvocations ?? 1),
    maximumQueuedInvocations: positive("maximumQueuedInvocations", options.maximumQueuedInvocations ?? 100),
    maximumStreams: positive("maximumStreams", options.maximumStreams ?? 100),
    nativeRoomSize: positive("nativeRoomSize", options.nativeRoomSize ?? 1000),
    transports: options.transports ?? ["WebSockets", "ServerSentEvents", "LongPolling"],
    minimumNegotiateVersion: options.minimumNegotiateVersion ?? 0,
    pollTimeout: positive("pollTimeout", options.pollTimeout ?? 90_000),
    disconnectTimeout: positive("disconnectTimeout", options.disconnectTimeout ?? 15_000),
    statefulReconnect: options.statefulReconnect ?? false,
    statefulReconnectBuffer: positive("statefulReconnectBuffer", options.statefulReconnectBuffer ?? 100_000),
  };
}

function positive(name: string, value: number): number {
  if (!(value > 0)) throw new RangeError(`${name} must be a positive number, not ${value}.`);
  return value;
}
