import { consoleLogger, type Logger } from "../hub/logger.ts";
import { SignalR } from "../signalr.ts";
import type { Handled } from "../transports/hub-request.ts";
import type { RequestPort } from "../transports/request-port.ts";

/** Leaves out what the contract's clients bring about. */
export const failingOnPurpose: Logger = {
  ...consoleLogger,
  error(message, facts) {
    if (message !== "A connect handler failed.") consoleLogger.error(message, facts);
  },
};

/** A server whose application adds headers of its own to every answer. */
export class ContractSignalR extends SignalR {
  override async handle(request: Request, port: RequestPort): Promise<Handled> {
    const handled = await super.handle(request, port);
    if (handled.kind !== "response") return handled;
    for (const cookie of ["a=1", "b=2"]) handled.response.headers.append("set-cookie", cookie);
    handled.response.headers.set("www-authenticate", "Bearer");
    return handled;
  }
}
