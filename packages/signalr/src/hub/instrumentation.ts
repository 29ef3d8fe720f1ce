import type { TransportName } from "../transports/transport.ts";
import type { DisconnectReason } from "./disconnect-reason.ts";
import type { HubOptions, HubTypes } from "./hub-options.ts";

/** A connection of whatever hub. */
export interface ObservedConnection {
  readonly transportName: TransportName;
}

/** Watches what the hubs of a server do, for traces and metrics. A server that has none pays nothing. */
export interface Instrumentation {
  /**
   * @returns the options with which a hub is served, watched: with a filter and handlers around its own
   * @internal
   */
  watch<Types extends HubTypes>(options: HubOptions<Types>): HubOptions<Types>;
  /**
   * A connection begins, as part of the request that carries it.
   * @internal
   */
  opened(connection: ObservedConnection): void;
  /**
   * Called once for each connection that has begun.
   * @internal
   */
  closed(connection: ObservedConnection, reason: DisconnectReason): void;
}
