import { bunRuntime } from "@hubbub/signalr/bun";
import { signalr } from "./echo-hub.ts";
import { tryEcho } from "./try-echo.ts";

const hubs = bunRuntime(signalr);
const server = Bun.serve({
  port: 0,
  websocket: hubs.websocket,
  async fetch(request, self) {
    const result = await hubs.fetch(request, self);
    return result.kind === "response" ? result.response : undefined;
  },
});
await tryEcho(server.port);
process.exit(0);
