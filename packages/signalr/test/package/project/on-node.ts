import { once } from "node:events";
import { createServer } from "node:http";
import { nodeRuntime } from "@hubbub/signalr/node";
import { signalr } from "./echo-hub.ts";
import { tryEcho } from "./try-echo.ts";

const hubs = nodeRuntime(signalr);
const server = createServer((request, response) => void hubs.handleRequest(request, response));
hubs.attach(server);
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
await tryEcho(typeof address === "object" ? address?.port : undefined);
process.exit(0);
