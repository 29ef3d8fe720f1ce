export type { Backplane, BackplaneFactory, BackplaneGap, BackplaneNode } from "./backplanes/backplane.ts";
export { inMemoryBackplane } from "./backplanes/in-memory-backplane.ts";
export { ClientStream } from "./hub/client-stream.ts";
export { type Clock, systemClock } from "./hub/clock.ts";
export type { DisconnectReason } from "./hub/disconnect-reason.ts";
export { defineHub, type Hub } from "./hub/hub.ts";
export type { HubCall } from "./hub/hub-call.ts";
export type { ConnectionSender, EventSender, HubClients, WaitOptions } from "./hub/hub-clients.ts";
export { HubError, HubException, HubUnauthorizedError } from "./hub/hub-error.ts";
export type { EventArguments, EventHandler } from "./hub/hub-events.ts";
export type { HubFilter, NextFilter } from "./hub/hub-filter.ts";
export {
  type Authenticate,
  anonymous,
  type Credentials,
  type HubMethod,
  type HubOptions,
  type HubTypes,
  type Identity,
  type Redirection,
} from "./hub/hub-options.ts";
export type { HubServer, HubUsage } from "./hub/hub-server.ts";
export type { CloseOptions, HubConnection, HubConnection as Connection } from "./hub/hub-types.ts";
export type { InMemoryLifetimeManager } from "./hub/in-memory-lifetime-manager.ts";
export { consoleLogger, type Logger } from "./hub/logger.ts";
export { type RateLimit, rateLimit } from "./hub/rate-limit.ts";
export { type ClientConnection, type TypedClient, typedClient } from "./hub/typed-client.ts";
export { method, type StandardSchema, type TypedMethod } from "./hub/typed-method.ts";
export { type AnyHub, createSignalR, type ServedHub, SignalR, type SignalROptions } from "./signalr.ts";
export type { ConnectionRequest } from "./transports/connection-request.ts";
export type { Handled, HubRequest } from "./transports/hub-request.ts";
export type { RequestPort } from "./transports/request-port.ts";
export type { RequestUrl } from "./transports/request-url.ts";
export type { TransportName } from "./transports/transport.ts";
export type { WebSocketPort, WebSocketSession } from "./transports/web-socket.ts";
