import { createSignalR } from "@hubbub/signalr";
import { bunRuntime } from "@hubbub/signalr/bun";
import { Hono } from "hono";
import { chatHub } from "./chat-hub.ts";

const signalr = createSignalR({ hubs: [chatHub] });
const hubs = bunRuntime(signalr);
const app = new Hono().get("/", (context) => context.text("The hub is at /chat."));

/** Hubs come first; what is for none is the application's. */
export const server = Bun.serve({
  port: Number(process.env["PORT"] ?? 0),
  websocket: hubs.websocket,
  async fetch(request, server) {
    const result = await hubs.fetch(request, server);
    if (result.kind === "not-found") return app.fetch(request);
    return result.kind === "response" ? result.response : undefined;
  },
});

export async function stop(): Promise<void> {
  await signalr.shutdown();
  await server.stop();
}
