/** The official client, from wherever it was loaded. */
export type Library = Pick<
  typeof import("@microsoft/signalr"),
  "HttpTransportType" | "HubConnectionBuilder" | "JsonHubProtocol" | "LogLevel" | "Subject"
> &
  Pick<typeof import("@microsoft/signalr-protocol-msgpack"), "MessagePackHubProtocol">;
