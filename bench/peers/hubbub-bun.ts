import { createSignalR, type HubContext } from "@hubbub/signalr";
import { bunRuntime } from "@hubbub/signalr/bun";
import { type BenchTypes, benchHub } from "./bench-hub.ts";

const [options = "{}"] = process.argv.slice(2);
const hub = benchHub((): HubContext<BenchTypes> => server, JSON.parse(options));
const signalr = createSignalR({ hubs: [hub] });
const server: HubContext<BenchTypes> = signalr.hub(hub);
const runtime = bunRuntime(signalr);
const listener = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request, self) {
    if (new URL(request.url).pathname === "/gc") {
      Bun.gc(true);
      return new Response();
    }
    const handled = await runtime.fetch(request, self);
    if (handled.kind === "upgraded") return undefined;
    return handled.kind === "response" ? handled.response : new Response(null, { status: 404 });
  },
  websocket: runtime.websocket,
});
console.log(`port ${listener.port}`);
