import { createServer } from "node:http";
import { nodeRuntime } from "../../src/runtimes/node.ts";
import { ready, signalr } from "./nodes-hub.ts";

/** A node on Node: prints its port once it hears the others, and ends when its input does. */
const runtime = nodeRuntime(signalr);
const server = createServer((request, response) => {
  void runtime.handleRequest(request, response).then((taken) => {
    if (!taken) response.writeHead(404).end();
  });
});
runtime.attach(server);
void ready.then(() =>
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
  }),
);
process.stdin.resume().once("end", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
