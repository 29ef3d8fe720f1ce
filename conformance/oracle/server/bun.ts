import { bunRuntime } from "@hubbub/signalr/bun";
import { announce, loopback } from "../../test-server/listening.ts";
import { createOracle } from "./hubs.ts";

const runtime = bunRuntime(createOracle());
const server = Bun.serve({
  port: 0,
  hostname: loopback,
  development: false,
  websocket: runtime.websocket,
  async fetch(request, bun) {
    const result = await runtime.fetch(request, bun);
    switch (result.kind) {
      case "response":
        return result.response;
      case "upgraded":
        return undefined;
      case "not-found":
        return new Response(null, { status: 404 });
    }
  },
});
announce("http", server.port ?? 0);
