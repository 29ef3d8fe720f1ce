// bun examples/hono.ts
import { createSignalR } from "@hubbub/signalr";
import { bunRuntime } from "@hubbub/signalr/bun";
import { Hono } from "hono";
import { chatHub } from "./chat-hub.ts";
import { page } from "./page.ts";

const signalr = createSignalR({ hubs: [chatHub] });
const hubs = bunRuntime(signalr);
const app = new Hono();
for (const [path, { type, body }] of page) {
  app.get(path, (context) => context.body(body, { headers: { "content-type": type } }));
}

/** Hubs come first; what is for none is the application's. */
const server = Bun.serve({
  port: Number(process.env["PORT"] ?? 8080),
  websocket: hubs.websocket,
  async fetch(request, server) {
    const result = await hubs.fetch(request, server);
    if (result.kind === "not-found") return app.fetch(request);
    return result.kind === "response" ? result.response : undefined;
  },
});

process.stdout.write(`http://localhost:${server.port}\n`);
process.once("SIGTERM", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
