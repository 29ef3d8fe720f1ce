import { createServer } from "node:http";
import { createSignalR } from "@hubbub/signalr";
import { nodeRuntime } from "@hubbub/signalr/node";
import { chatHub } from "./chat-hub.ts";

const signalr = createSignalR({ hubs: [chatHub] });
const hubs = nodeRuntime(signalr);

const server = createServer((request, response) => {
  void hubs.handleRequest(request, response).then((taken) => {
    if (!taken) response.writeHead(404).end("This is no hub.");
  });
});
hubs.attach(server);
server.listen(Number(process.env["PORT"] ?? 0), () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : address}\n`);
});
process.stdin.resume().once("end", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
