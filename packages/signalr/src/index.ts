/**
 * The hubs themselves, whatever carries them: define them, serve them, send to their clients.
 *
 * Begin at {@link defineHub} and {@link createSignalR}. Rules in parentheses, like (rule D3), are those of SPEC.md.
 * @module signalr
 */
export type { BackplaneFactory, BackplaneGap } from "./backplanes/backplane.ts";
export type { BackplaneOptions } from "./backplanes/bus-backplane.ts";
export { inMemoryBackplane } from "./backplanes/in-memory-backplane.ts";
export type { ClientStream } from "./hub/client-stream.ts";
export { type Clock, systemClock } from "./hub/clock.ts";
export type { DisconnectReason } from "./hub/disconnect-reason.ts";
export { defineHub, type Hub } from "./hub/hub.ts";
export type { HubCall } from "./hub/hub-call.ts";
export type { ConnectionSender, EventSender, HubClients, WaitOptions } from "./hub/hub-clients.ts";
export type { HubContext, HubLifetime, HubUsage } from "./hub/hub-context.ts";
export { HubError, HubException, HubUnauthorizedError } from "./hub/hub-error.ts";
export type { EventArguments, EventHandler, PayloadEventName } from "./hub/hub-events.ts";
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
export type { CloseOptions, HubConnection } from "./hub/hub-types.ts";
export type { Instrumentation } from "./hub/instrumentation.ts";
export { consoleLogger, type Logger } from "./hub/logger.ts";
export { type RateLimit, rateLimit } from "./hub/rate-limit.ts";
export {
  type ArgsOf,
  type ClientConnection,
  type ResultOf,
  type TypedClient,
  typedClient,
} from "./hub/typed-client.ts";
export { method, type SchemaResult, type StandardSchema, type TypedMethod } from "./hub/typed-method.ts";
export type { MessageHeaders } from "./protocol/messages.ts";
export { type AnyHub, createSignalR, type SignalR, type SignalROptions } from "./signalr.ts";
export type { ConnectionRequest } from "./transports/connection-request.ts";
export type { RequestUrl } from "./transports/request-url.ts";
export type { TransportName } from "./transports/transport.ts";
