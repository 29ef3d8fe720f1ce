import { bunRuntime } from "../../src/runtimes/bun.ts";
import { ready, signalr } from "./nodes-hub.ts";

/** A node on Bun: prints its port once it hears the others, and ends when its input does. */
const runtime = bunRuntime(signalr);
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  development: false,
  websocket: runtime.websocket,
  async fetch(request, server) {
    const result = await runtime.fetch(request, server);
    if (result.kind === "upgraded") return undefined;
    return result.kind === "response" ? result.response : new Response("Not found", { status: 404 });
  },
});
await ready;
process.stdout.write(`${server.port}\n`);
process.stdin.resume().once("end", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
