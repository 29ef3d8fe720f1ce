/**
 * Traces and metrics of hubs, as ASP.NET Core gives them. Needs `@opentelemetry/api` beside it.
 * @module opentelemetry
 */
import { context, type SpanContext, type Tracer, trace } from "@opentelemetry/api";
import type { DisconnectReason } from "../hub/disconnect-reason.ts";
import type { HubOptions, HubTypes } from "../hub/hub-options.ts";
import type { HubConnection } from "../hub/hub-types.ts";
import type { Instrumentation, ObservedConnection } from "../hub/instrumentation.ts";
import { ConnectionMetrics } from "./connection-metrics.ts";
import { HubSpans } from "./hub-spans.ts";
import { library } from "./library.ts";

interface Opening {
  /** What was current when the request came. */
  readonly origin: SpanContext | undefined;
  readonly at: number;
}

/** Gives spans of invocations and of connect and disconnect handlers, and metrics of connections, to OpenTelemetry's API. */
class OpenTelemetry implements Instrumentation {
  readonly #tracer: Tracer = trace.getTracer(library);
  readonly #metrics = new ConnectionMetrics();
  readonly #openings = new WeakMap<ObservedConnection, Opening>();

  watch<Types extends HubTypes>(options: HubOptions<Types>): HubOptions<Types> {
    const originOf = (connection: HubConnection<Types>) => this.#openings.get(connection)?.origin;
    const spans = new HubSpans(this.#tracer, options, originOf);
    return {
      ...options,
      filters: [spans.filter, ...(options.filters ?? [])],
      ...(options.onConnected && {
        onConnected: (connection) =>
          spans.runHandler("OnConnectedAsync", connection, () => options.onConnected?.(connection)),
      }),
      ...(options.onDisconnected && {
        onDisconnected: (connection, reason) =>
          spans.runHandler("OnDisconnectedAsync", connection, () => options.onDisconnected?.(connection, reason)),
      }),
    };
  }

  opened(connection: ObservedConnection): void {
    const origin = trace.getSpanContext(context.active());
    this.#openings.set(connection, { origin, at: performance.now() });
    this.#metrics.opened(connection.transportName);
  }

  closed(connection: ObservedConnection, reason: DisconnectReason): void {
    const { at } = this.#openings.get(connection) ?? { at: performance.now() };
    this.#metrics.closed(connection.transportName, reason, (performance.now() - at) / 1000);
  }
}

/**
 * Traces what hubs do and counts their connections (rules O1 to O4):
 * `createSignalR({ hubs, instrumentation: openTelemetry() })`. An SDK, which decides where all that goes, is started
 * before.
 * @returns what a server is given as its `instrumentation`
 */
export function openTelemetry(): Instrumentation {
  return new OpenTelemetry();
}
