import { createSignalR } from "@hubbub/signalr";
import { nodeRuntime } from "@hubbub/signalr/node";
import Fastify from "fastify";
import { chatHub } from "./chat-hub.ts";

const signalr = createSignalR({ hubs: [chatHub] });
const hubs = nodeRuntime(signalr);
const app = Fastify();

/** At `onRequest` nobody has read the body yet: a hub reads its own. What it has answered is no longer Fastify's. */
app.addHook("onRequest", async (request, reply) => {
  if (await hubs.handleRequest(request.raw, reply.raw)) reply.hijack();
});
app.get("/", () => "The hub is at /chat.");

hubs.attach(app.server);
await app.listen({ port: Number(process.env["PORT"] ?? 0), host: "127.0.0.1" });
const address = app.server.address();
process.stdout.write(`${typeof address === "object" ? address?.port : address}\n`);
process.stdin.resume().once("end", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
