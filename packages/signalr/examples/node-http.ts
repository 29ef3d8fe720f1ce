// node examples/node-http.ts (before Node 22.18: npx tsx examples/node-http.ts)
import { createServer } from "node:http";
import { createSignalR } from "@hubbub/signalr";
import { nodeRuntime } from "@hubbub/signalr/node";
import { chatHub } from "./chat-hub.ts";
import { page } from "./page.ts";

const signalr = createSignalR({ hubs: [chatHub] });
const hubs = nodeRuntime(signalr);

const server = createServer(async (request, response) => {
  if (await hubs.handleRequest(request, response)) return;
  const file = page.get(request.url ?? "");
  if (file === undefined) response.writeHead(404).end("There is nothing here.");
  else response.setHeader("content-type", file.type).end(file.body);
});
hubs.attach(server);
server.listen(Number(process.env["PORT"] ?? 8080), () => {
  const address = server.address();
  process.stdout.write(`http://localhost:${typeof address === "object" ? address?.port : address}\n`);
});
process.once("SIGTERM", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
