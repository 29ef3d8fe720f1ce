import type { HubMessage } from "../protocol/messages.ts";
import type { ProtocolSource } from "./accept-handshake.ts";
import type { OutputHost } from "./connection-output.ts";
import type { DisconnectReason } from "./disconnect-reason.ts";
import type { Logger } from "./logger.ts";

/** What a connection needs of the hub it belongs to. */
export interface ConnectionHost<Connection> extends ProtocolSource, OutputHost {
  readonly logger: Logger;
  readonly largestFrame: number;
  /** The handshake is done: the connection can be sent to. */
  opened(connection: Connection): void;
  /** Takes every message but those that are the connection's own matter. */
  dispatch(connection: Connection, message: HubMessage): void;
  /** Whether calls that were dispatched wait for nothing but time. */
  isBehind(connection: Connection): boolean;
  /**
   * Called once.
   * @param wasOpen whether the handshake was done
   */
  closed(connection: Connection, reason: DisconnectReason, wasOpen: boolean): void;
  /** One of the transports that were opened is closed, whoever closed it. */
  transportClosed(): void;
}

/** What the way of connecting means for a connection. */
export interface ConnectionTraits {
  /** Whether the client may replace a broken socket by another. */
  readonly resumable?: boolean;
  /** Asked once the connection is open on what carries it to its end. @returns whether these traits are wanted no more */
  letGo?(): boolean;
  /** Told at the connection's end. */
  onEnd?(): void;
}
