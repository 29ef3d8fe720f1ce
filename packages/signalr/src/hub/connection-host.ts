import type { HubMessage } from "../protocol/messages.ts";
import type { ProtocolSource } from "./accept-handshake.ts";
import type { DisconnectReason } from "./disconnect-reason.ts";
import type { HubSettings } from "./hub-options.ts";
import type { Logger } from "./logger.ts";
import type { TimerWheel } from "./timer-wheel.ts";
import type { TurnFlusher } from "./turn-flusher.ts";

/** What a connection needs of the hub it belongs to. */
export interface ConnectionHost<Connection> extends ProtocolSource {
  readonly settings: HubSettings;
  readonly wheel: TimerWheel;
  readonly turns: TurnFlusher;
  readonly logger: Logger;
  /** The handshake is done: the connection can be sent to. */
  opened(connection: Connection): void;
  /** Takes every message but those that are the connection's own matter. */
  dispatch(connection: Connection, message: HubMessage): void;
  /**
   * Called once.
   * @param wasOpen whether the handshake was done
   */
  closed(connection: Connection, reason: DisconnectReason, wasOpen: boolean): void;
}

/** What the way of connecting means for a connection. */
export interface ConnectionTraits {
  /** Whether the client may replace a broken socket by another. */
  readonly resumable?: boolean;
  /** Told at the connection's end. */
  readonly onEnd?: () => void;
}
