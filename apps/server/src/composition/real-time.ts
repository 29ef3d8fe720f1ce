import type { SignalR, Logger as SignalRLogger } from "@hubbub/signalr";
import type { Logger } from "pino";
import type { Accounts } from "../features/accounts/index.ts";
import { conversationsOf } from "../features/conversations/index.ts";
import { hubMethodsOf } from "../operations/hub-methods.ts";
import type { Operation } from "../operations/operation.ts";
import { type OriginSettings, siteOf } from "../operations/request-origin.ts";
import type { Parts } from "./parts.ts";

/** Opens the hub: from now on people can connect. */
export function serveHub(
  { hub, db, logger, onError }: Parts,
  accounts: Accounts,
  operations: readonly Operation[],
  originSettings: OriginSettings,
): SignalR {
  return hub.serve({
    methods: hubMethodsOf(operations, onError),
    authenticate: (token) => accounts.authenticateForHub(token, "chat"),
    isLiving: accounts.isLiving,
    conversationsOf: (user) => conversationsOf(db, user),
    allowsOrigin: (request) => siteOf(request, originSettings) !== "foreign",
    logger: signalrLogger(logger),
  });
}

function signalrLogger(logger: Logger): SignalRLogger {
  return {
    debug: (message, details) => logger.debug(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
    error: (message, details) => logger.error(details ?? {}, message),
  };
}
