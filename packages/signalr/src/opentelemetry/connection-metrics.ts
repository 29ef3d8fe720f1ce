import { metrics } from "@opentelemetry/api";
import type { DisconnectReason } from "../hub/disconnect-reason.ts";
import type { TransportName } from "../transports/transport.ts";
import { library } from "./library.ts";

/** Seconds. Source: OpenTelemetry's semantic conventions for SignalR. */
const boundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

const transportNames = {
  WebSockets: "web_sockets",
  ServerSentEvents: "server_sent_events",
  LongPolling: "long_polling",
} as const;

/** How many connections there are and how long they last, under the names that ASP.NET Core gives it. */
export class ConnectionMetrics {
  readonly #active;
  readonly #duration;

  constructor() {
    const meter = metrics.getMeter(library);
    this.#active = meter.createUpDownCounter("signalr.server.active_connections", {
      unit: "{connection}",
      description: "Number of connections that are currently active on the server.",
    });
    this.#duration = meter.createHistogram("signalr.server.connection.duration", {
      unit: "s",
      description: "The duration of connections on the server.",
      advice: { explicitBucketBoundaries: boundaries },
    });
  }

  opened(transport: TransportName): void {
    this.#active.add(1, { "signalr.transport": transportNames[transport] });
  }

  closed(transport: TransportName, reason: DisconnectReason, seconds: number): void {
    const attributes = { "signalr.transport": transportNames[transport] };
    this.#active.add(-1, attributes);
    this.#duration.record(seconds, { ...attributes, "signalr.connection.status": statusOf(reason) });
  }
}

function statusOf({ kind }: DisconnectReason): string {
  switch (kind) {
    case "shutdown":
      return "app_shutdown";
    case "timed-out":
      return "timeout";
    default:
      return "normal_closure";
  }
}
