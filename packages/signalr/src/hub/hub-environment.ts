import type { BackplaneFactory } from "../backplanes/backplane.ts";
import type { HubProtocol } from "../protocol/hub-protocol.ts";
import type { ConnectionTokens } from "../transports/connection-tokens.ts";
import type { Instrumentation } from "./instrumentation.ts";
import type { Logger } from "./logger.ts";
import type { TimerWheel } from "./timer-wheel.ts";
import type { TurnBudget } from "./turn-budget.ts";
import type { TurnFlusher } from "./turn-flusher.ts";

/** What all hubs of one server share. */
export interface HubEnvironment {
  readonly wheel: TimerWheel;
  readonly turns: TurnFlusher;
  readonly budget: TurnBudget;
  /** Bytes of the largest frame a runtime must let through: clients send all that is ready as one. */
  readonly largestFrame: number;
  readonly logger: Logger;
  readonly protocols: readonly HubProtocol[];
  readonly tokens: ConnectionTokens;
  /** Joins this server's hubs with those of other nodes. */
  readonly backplane?: BackplaneFactory | undefined;
  readonly instrumentation?: Instrumentation | undefined;
}
