// bun examples/bun.ts
import { createSignalR } from "@hubbub/signalr";
import { bunRuntime } from "@hubbub/signalr/bun";
import { chatHub } from "./chat-hub.ts";
import { page } from "./page.ts";

const signalr = createSignalR({ hubs: [chatHub] });
const hubs = bunRuntime(signalr);

const server = Bun.serve({
  port: Number(process.env["PORT"] ?? 8080),
  websocket: hubs.websocket,
  async fetch(request, server) {
    const result = await hubs.fetch(request, server);
    switch (result.kind) {
      case "response":
        return result.response;
      case "upgraded":
        return undefined;
      case "not-found":
        return file(new URL(request.url).pathname);
    }
  },
});

function file(path: string): Response {
  const found = page.get(path);
  if (found === undefined) return new Response("There is nothing here.", { status: 404 });
  return new Response(found.body, { headers: { "content-type": found.type } });
}

process.stdout.write(`http://localhost:${server.port}\n`);
process.once("SIGTERM", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
