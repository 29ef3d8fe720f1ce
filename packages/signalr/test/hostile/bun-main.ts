import { createSignalR } from "../../src/index.ts";
import { bunRuntime } from "../../src/runtimes/bun.ts";
import { hostileHub, largeHub } from "./hostile-hub.ts";
import { reporter } from "./server-report.ts";

/** The hubs under attack on `Bun.serve`: prints its port, answers `/report`, and ends when its input does. */
const signalr = createSignalR({ hubs: [hostileHub, largeHub], timerResolution: 50 });
const runtime = bunRuntime(signalr);
const report = reporter(signalr, () => Bun.gc(true));
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  development: false,
  websocket: runtime.websocket,
  async fetch(request, server) {
    const result = await runtime.fetch(request, server);
    if (result.kind === "upgraded") return undefined;
    return result.kind === "response" ? result.response : Response.json(report());
  },
});
process.stdout.write(`${server.port}\n`);
process.stdin.resume().once("end", () => {
  void signalr
    .shutdown()
    .then(() => server.stop(true))
    .then(() => process.exit(0));
});
