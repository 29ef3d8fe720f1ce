import type { BackplaneGap, SignalR, Logger as SignalRLogger } from "@hubbub/signalr";
import { redisBackplane } from "@hubbub/signalr/redis";
import type { Logger } from "pino";
import type { Accounts } from "../features/accounts/index.ts";
import { alertedConversationsOf, heardConversationsOf } from "../features/conversations/index.ts";
import { hubMethodsOf } from "../operations/hub-methods.ts";
import type { Operation } from "../operations/operation.ts";
import { type OriginSettings, siteOf } from "../operations/request-origin.ts";
import type { Parts } from "./parts.ts";
import type { Slice } from "./slices.ts";

/** Other programs may share the Redis. */
const CHANNEL_PREFIX = "hubbub:";
const CHAT_HUB = "/hubs/chat";

/** Opens the hubs: from now on people can connect. */
export function serveHubs(
  { hub, db, logger, onError, config, deriveKeys, otherNodes }: Parts,
  accounts: Accounts,
  operations: readonly Operation[],
  slices: readonly Slice[],
  originSettings: OriginSettings,
): SignalR {
  const onMissed = (gap: BackplaneGap) => {
    logger.warn({ ...gap }, "Other nodes were out of reach");
    if (gap.path !== CHAT_HUB) return; // each hub has a connection of its own, and the others carry nothing that lasts
    otherNodes.missed(gap.from).catch(onError);
  };
  return hub.serve({
    methods: hubMethodsOf(
      operations,
      slices.flatMap((slice) => slice.hubOnly ?? []),
      onError,
    ),
    observers: slices.flatMap((slice) => slice.observers ?? []),
    authenticate: accounts.authenticateForHub,
    isLiving: accounts.isLiving,
    conversationsOf: (user) => heardConversationsOf(db, user),
    alertedConversationsOf: (user) => alertedConversationsOf(db, user),
    allowsOrigin: (request) => siteOf(request, originSettings) !== "foreign",
    logger: signalrLogger(logger),
    tokenKey: deriveKeys("connection token")[0],
    backplane:
      config.redisUrl === undefined
        ? undefined
        : redisBackplane({ redis: config.redisUrl, channelPrefix: CHANNEL_PREFIX, onMissed }),
  });
}

function signalrLogger(logger: Logger): SignalRLogger {
  return {
    debug: (message, details) => logger.debug(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
    error: (message, details) => logger.error(details ?? {}, message),
  };
}
