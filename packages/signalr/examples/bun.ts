import { createSignalR } from "@hubbub/signalr";
import { bunRuntime } from "@hubbub/signalr/bun";
import { chatHub } from "./chat-hub.ts";

const signalr = createSignalR({ hubs: [chatHub] });
const hubs = bunRuntime(signalr);

export const server = Bun.serve({
  port: Number(process.env["PORT"] ?? 0),
  websocket: hubs.websocket,
  async fetch(request, server) {
    const result = await hubs.fetch(request, server);
    switch (result.kind) {
      case "response":
        return result.response;
      case "upgraded":
        return undefined;
      case "not-found":
        return new Response("This is no hub.", { status: 404 });
    }
  },
});

export async function stop(): Promise<void> {
  await signalr.shutdown();
  await server.stop();
}
