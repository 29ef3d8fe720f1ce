import type { BackplaneGap, SignalR, Logger as SignalRLogger } from "@hubbub/signalr";
import { redisBackplane } from "@hubbub/signalr/redis";
import type { Logger } from "pino";
import type { Accounts } from "../features/accounts/index.ts";
import { alertLevelsOf, heardConversations } from "../features/conversations/index.ts";
import { hubMethodsOf } from "../operations/hub-methods.ts";
import type { HubOnlyOperation } from "../operations/hub-only-operation.ts";
import type { Operation } from "../operations/operation.ts";
import { type OriginSettings, siteOf } from "../operations/request-origin.ts";
import type { ConnectionObserver } from "../ports/hub-connections.ts";
import type { Parts } from "./parts.ts";

/** Other programs may share the Redis. */
const CHANNEL_PREFIX = "hubbub:";
const CHAT_HUB = "/hubs/chat";

/** What hubs offer, and who hears of connections to them. */
interface Offer {
  readonly operations: readonly Operation[];
  readonly hubOnly: readonly HubOnlyOperation[];
  readonly observers: readonly ConnectionObserver[];
}

/** Opens the hubs: from now on people can connect. */
export function serveHubs(
  { hub, db, logger, onError, config, deriveKeys, otherNodes }: Parts,
  accounts: Accounts,
  { operations, hubOnly, observers }: Offer,
  originSettings: OriginSettings,
): SignalR {
  const onMissed = (gap: BackplaneGap) => {
    logger.warn({ ...gap }, "Other nodes were out of reach");
    if (gap.path !== CHAT_HUB) return; // each hub has a connection of its own, and the others carry nothing that lasts
    otherNodes.missed(gap.from).catch(onError);
  };
  return hub.serve({
    methods: hubMethodsOf(operations, hubOnly, onError),
    observers,
    connectionLimits: config.limits?.connections,
    authenticate: accounts.authenticateForHub,
    isLiving: accounts.isLiving,
    conversationsOf: heardConversations(db),
    alertLevelsOf: (user) => alertLevelsOf(db, user),
    allowsOrigin: (request) => siteOf(request, originSettings) !== "foreign",
    logger: signalrLogger(logger),
    tokenKey: deriveKeys("connection token")[0],
    backplane:
      config.redisUrl === undefined
        ? undefined
        : redisBackplane({
            ...{ redis: config.redisUrl, channelPrefix: CHANNEL_PREFIX, onMissed },
            handsOn: () => otherNodes.handsOn(),
          }),
  });
}

function signalrLogger(logger: Logger): SignalRLogger {
  return {
    debug: (message, details) => logger.debug(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
    error: (message, details) => logger.error(details ?? {}, message),
  };
}
