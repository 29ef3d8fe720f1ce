import type { Deliverer } from "../hub/deliver.ts";
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
  /** Resolves when this node hears the others. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Makes the backplane of one hub. */
export type BackplaneFactory = (node: BackplaneNode) => Backplane;
