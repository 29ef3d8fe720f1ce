import { bunRuntime } from "../../src/runtimes/bun.ts";
import { inSpan, report } from "./telemetry.ts";
import { signalr } from "./traced-hub.ts";

/** The traced hub on `Bun.serve`, each request in a span: prints its port, answers what was seen, and ends when its input does. */
const runtime = bunRuntime(signalr);
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  development: false,
  websocket: runtime.websocket,
  async fetch(request, server) {
    const seen = await report(new URL(request.url).pathname);
    if (seen !== undefined) return Response.json(seen);
    const result = await inSpan("request", () => runtime.fetch(request, server));
    if (result.kind === "upgraded") return undefined;
    return result.kind === "response" ? result.response : new Response("Not found", { status: 404 });
  },
});
process.stdout.write(`${server.port}\n`);
process.stdin.resume().once("end", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
