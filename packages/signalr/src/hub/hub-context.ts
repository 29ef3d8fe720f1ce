import type { TransportName } from "../transports/transport.ts";
import type { HubClients } from "./hub-clients.ts";
import type { CloseOptions, HubConnection, HubTypes } from "./hub-types.ts";

/** What a hub has to do. */
export interface HubUsage {
  /** Path of the hub. */
  readonly path: string;
  /** Open ones of this process, by transport; one that nobody uses is absent. */
  readonly connections: ReadonlyMap<TransportName, number>;
  /** Messages given to connections of this process since its start: one a connection each. */
  readonly deliveries: number;
}

/**
 * Who is connected to this process, as whom, and in which groups. All of it is synchronous: once `removeFromGroup` has
 * returned, nothing sent to the group later reaches that connection (rule L2).
 */
export interface HubLifetime {
  /** How many connections there are. */
  readonly size: number;
  /**
   * Adds a connection of this process to a group.
   * @param connectionId an open connection
   * @param group any name: a group exists while it has members
   * @returns false when there is no such connection here, or it is in the group already
   */
  addToGroup(connectionId: string, group: string): boolean;
  /**
   * Removes a connection of this process from a group.
   * @param connectionId an open connection
   * @param group name of the group
   * @returns false when there is no such connection here, or it is not in the group
   */
  removeFromGroup(connectionId: string, group: string): boolean;
  /**
   * Lists the groups of a connection (rule L3).
   * @param connectionId a connection; one that is not here has none
   * @returns names of groups, in no particular order
   */
  groupsOf(connectionId: string): string[];
  /**
   * Lists who of this process is in a group (rule L3).
   * @param group name of the group
   * @returns connection ids, in no particular order
   */
  membersOf(group: string): string[];
  /**
   * Lists the connections of a user in this process (rule L3).
   * @param userId what `authenticate` called them
   * @returns connection ids, the oldest first
   */
  connectionsOf(userId: string): string[];
}

/**
 * A hub at work: the ways to its clients from outside its methods, as `SignalR.hub` gives it. What ASP.NET Core calls
 * `IHubContext`.
 * @typeParam Types what the hub was defined with
 */
export interface HubContext<Types extends HubTypes> {
  /** Sends to clients, on whatever node they are. */
  readonly clients: HubClients<Types["events"]>;
  /** Sends to clients of this process alone. */
  readonly here: HubClients<Types["events"]>;
  /** Who is connected to this process and in which groups. */
  readonly lifetime: HubLifetime;
  /** Resolves when this node hears what others send; at once without a backplane. */
  readonly ready: Promise<void>;
  /** Whether a shutdown has begun: no new connections are taken any more. */
  readonly isClosing: boolean;
  /**
   * Adds a connection to a group, on whatever node it is; for one of this process `lifetime.addToGroup` does it at once.
   * @param connectionId the connection
   * @param group any name
   * @returns what resolves when messages sent to the group from then on reach it (rule B3)
   * @throws Error when no node confirms it within the backplane's `acknowledgeTimeout`
   */
  addToGroup(connectionId: string, group: string): Promise<void>;
  /**
   * Removes a connection from a group, on whatever node it is.
   * @param connectionId the connection
   * @param group name of the group
   * @throws Error when no node confirms it within the backplane's `acknowledgeTimeout`
   */
  removeFromGroup(connectionId: string, group: string): Promise<void>;
  /**
   * Finds a connection.
   * @param id its id
   * @returns the open connection of that id in this process
   */
  connection(id: string): HubConnection<Types> | undefined;
  /**
   * Lists the connections of this process.
   * @returns the ids of those that are open, the oldest first
   */
  connectionIds(): string[];
  /**
   * Counts, for whoever watches the server.
   * @returns how this hub is used in this process
   */
  usage(): HubUsage;
  /**
   * Ends every connection of a user, on whatever node it is, after what was sent to it before (rules C1, B9). They may come
   * back: whoever is to stay away is refused by `authenticate` before.
   * @param userId what `authenticate` called them
   * @param options what the clients are told; default a farewell without an error, after which they stay away
   * @returns how many there were in this process
   */
  disconnectUser(userId: string, options?: CloseOptions): number;
  /**
   * Ends some connections of this process, after what was sent to them before (rule C1).
   * @param predicate says of each open connection whether it is ended
   * @param options what the clients are told; default a farewell without an error, after which they stay away
   * @returns how many there were
   */
  disconnectWhere(predicate: (connection: HubConnection<Types>) => boolean, options?: CloseOptions): number;
}
