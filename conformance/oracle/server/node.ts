import { createServer } from "node:http";
import { nodeRuntime } from "@hubbub/signalr/node";
import { announce, loopback } from "../../test-server/listening.ts";
import { createOracle } from "./hubs.ts";

const runtime = nodeRuntime(createOracle());
const server = createServer(async (request, response) => {
  if (!(await runtime.handleRequest(request, response))) response.writeHead(404).end();
});
runtime.attach(server);
server.listen(0, loopback, () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) announce("http", address.port);
});
