import type { Deliverer } from "../hub/deliver.ts";
import type { CloseOptions } from "../hub/hub-types.ts";
import type { InMemoryLifetimeManager } from "../hub/in-memory-lifetime-manager.ts";
import type { Logger } from "../hub/logger.ts";
import type { HubProtocol } from "../protocol/hub-protocol.ts";

/** A hub on this node, as a backplane needs to know it. */
export interface BackplaneNode {
  readonly path: string;
  /** The connections of this node: what other nodes send is delivered here. */
  readonly local: InMemoryLifetimeManager;
  readonly protocols: readonly HubProtocol[];
  readonly logger: Logger;
  /** Ends a user's connections of this node, as another node asks. */
  disconnectUser(userId: string, options: CloseOptions): void;
}

/**
 * Joins the nodes of one hub: what is sent on one reaches the connections of all. Messages to the same target arrive in
 * the order they were sent; a node that cannot be reached misses them, for a backplane stores nothing.
 */
export interface Backplane extends Deliverer {
  /**
   * Adds a connection of any node to a group; resolves when messages sent to the group from then on reach it.
   * @throws Error when nobody has the connection, or its node does not answer
   */
  addToGroup(connectionId: string, group: string): Promise<void>;
  /** Removes a connection of any node from a group. @throws Error as `addToGroup` does */
  removeFromGroup(connectionId: string, group: string): Promise<void>;
  /** Asks the other nodes to end a user's connections, after what this node sent them before (rule B9). */
  disconnectUser(userId: string, options: CloseOptions): void;
  /**
   * @param userId empty when the connection belongs to nobody in particular
   * @returns what resolves when other nodes reach a connection that was just added here; undefined when they do. It
   * never rejects: without the other nodes a connection is as good as it can be
   */
  reachable(connectionId: string, userId: string): Promise<void> | undefined;
  /** Takes what other nodes tell this one under a name of its own, until the backplane is closed. */
  hear(node: string, listener: NodeListener): void;
  /**
   * Tells one node something; what one node tells another arrives in the order it was told.
   * @returns whether the node is there
   * @throws Error when it may have been lost
   */
  tell(node: string, payload: Uint8Array<ArrayBuffer>): Promise<boolean>;
  /** Resolves when this node hears the others. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Takes what other nodes tell this one alone. */
export interface NodeListener {
  told(payload: Uint8Array): void;
  /** The way to the other nodes is gone, and what was told in either direction may be lost. */
  lost(): void;
}

/**
 * A time in which messages between this node and others may have been lost, in both directions. Whoever can tell
 * clients where they should be does so now.
 */
export interface BackplaneGap {
  /** Path of the hub concerned. */
  readonly path: string;
  /** When it began, in milliseconds since 1970. */
  readonly from: number;
  /** When it ended, in milliseconds since 1970. */
  readonly until: number;
  /** How many of this node's own publications may have reached nobody. */
  readonly failedPublications: number;
}

/**
 * Joins the hubs of a server with those of other nodes: what `redisBackplane` and `inMemoryBackplane` return, for
 * `createSignalR`. How it is made is the library's own.
 */
export type BackplaneFactory = (node: BackplaneNode) => Backplane;
