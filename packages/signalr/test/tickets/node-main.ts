import { createServer } from "node:http";
import { createSignalR } from "../../src/index.ts";
import { nodeRuntime } from "../../src/runtimes/node.ts";
import { ticketHub } from "./ticket-hub.ts";

/** The ticket hub on `node:http`: prints its port, and ends when its input does. */
const signalr = createSignalR({ hubs: [ticketHub], timerResolution: 20 });
const runtime = nodeRuntime(signalr);
const server = createServer((request, response) => void runtime.handleRequest(request, response));
runtime.attach(server);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});
process.stdin.resume().once("end", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
