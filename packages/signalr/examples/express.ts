// node examples/express.ts (before Node 22.18: npx tsx examples/express.ts)
import { createServer } from "node:http";
import { createSignalR } from "@hubbub/signalr";
import { nodeRuntime } from "@hubbub/signalr/node";
import express from "express";
import { chatHub } from "./chat-hub.ts";
import { page } from "./page.ts";

const signalr = createSignalR({ hubs: [chatHub] });
const hubs = nodeRuntime(signalr);
const app = express();

/** Before anything that reads bodies: a hub reads its own. */
app.use(async (request, response, next) => {
  if (!(await hubs.handleRequest(request, response))) next();
});
for (const [path, { type, body }] of page) {
  app.get(path, (_request, response) => {
    response.type(type).send(body);
  });
}

const server = createServer(app);
hubs.attach(server);
server.listen(Number(process.env["PORT"] ?? 8080), () => {
  const address = server.address();
  process.stdout.write(`http://localhost:${typeof address === "object" ? address?.port : address}\n`);
});
process.once("SIGTERM", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
