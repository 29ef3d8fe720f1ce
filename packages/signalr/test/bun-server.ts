import { createSignalR, type SignalR, type SignalROptions } from "../src/index.ts";
import { bunRuntime } from "../src/runtimes/bun.ts";

/** Starts a server on a free port for the length of a test. */
export function startBunServer(options: SignalROptions, create: (options: SignalROptions) => SignalR = createSignalR) {
  const signalr = create({ timerResolution: 20, ...options });
  const runtime = bunRuntime(signalr);
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    development: false,
    websocket: runtime.websocket,
    async fetch(request, server) {
      const result = await runtime.fetch(request, server);
      switch (result.kind) {
        case "response":
          return result.response;
        case "upgraded":
          return undefined;
        case "not-found":
          return new Response("Not found", { status: 404 });
      }
    },
  });
  return {
    signalr,
    address: `http://127.0.0.1:${server.port}`,
    async [Symbol.asyncDispose]() {
      await signalr.shutdown();
      await server.stop(true);
    },
  };
}
