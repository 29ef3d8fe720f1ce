import { createServer } from "node:http";
import { createSignalR } from "@hubbub/signalr";
import { nodeRuntime } from "@hubbub/signalr/node";
import express from "express";
import { chatHub } from "./chat-hub.ts";

const signalr = createSignalR({ hubs: [chatHub] });
const hubs = nodeRuntime(signalr);
const app = express();

/** Before anything that reads bodies: a hub reads its own. */
app.use(async (request, response, next) => {
  if (!(await hubs.handleRequest(request, response))) next();
});
app.get("/", (_request, response) => {
  response.send("The hub is at /chat.");
});

const server = createServer(app);
hubs.attach(server);
server.listen(Number(process.env["PORT"] ?? 0), () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : address}\n`);
});
process.stdin.resume().once("end", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
