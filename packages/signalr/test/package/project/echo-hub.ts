import { anonymous, createSignalR, defineHub } from "@hubbub/signalr";
import { openTelemetry } from "@hubbub/signalr/opentelemetry";

export const signalr = createSignalR({
  hubs: [defineHub()({ path: "/echo", authenticate: anonymous, methods: { Echo: (_call, value) => value } })],
  instrumentation: openTelemetry(),
});
