// node examples/fastify.ts (before Node 22.18: npx tsx examples/fastify.ts)
import { createSignalR } from "@hubbub/signalr";
import { nodeRuntime } from "@hubbub/signalr/node";
import Fastify from "fastify";
import { chatHub } from "./chat-hub.ts";
import { page } from "./page.ts";

const signalr = createSignalR({ hubs: [chatHub] });
const hubs = nodeRuntime(signalr);
const app = Fastify();

/** At `onRequest` nobody has read the body yet: a hub reads its own. What it has answered is no longer Fastify's. */
app.addHook("onRequest", async (request, reply) => {
  if (await hubs.handleRequest(request.raw, reply.raw)) reply.hijack();
});
for (const [path, { type, body }] of page) app.get(path, (_request, reply) => reply.type(type).send(body));

hubs.attach(app.server);
await app.listen({ port: Number(process.env["PORT"] ?? 8080), host: "127.0.0.1" });
const address = app.server.address();
process.stdout.write(`http://localhost:${typeof address === "object" ? address?.port : address}\n`);
process.once("SIGTERM", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
