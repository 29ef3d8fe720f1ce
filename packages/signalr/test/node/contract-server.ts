import { createServer } from "node:http";
import { nodeRuntime } from "../../src/runtimes/node.ts";
import { contractHub, hastyHub } from "../../src/testing/contract-hub.ts";
import { ContractSignalR, failingOnPurpose } from "../../src/testing/contract-signalr.ts";
import { joinedByVariables } from "../joined.ts";
import { ticketHub } from "../tickets/ticket-hub.ts";

/** The hubs of the contract on `node:http`: prints its port, and ends when its input does. */
const signalr = new ContractSignalR({
  hubs: [contractHub, hastyHub, ticketHub],
  timerResolution: 20,
  logger: failingOnPurpose,
  ...joinedByVariables(),
});
const runtime = nodeRuntime(signalr);
const server = createServer((request, response) => {
  void runtime.handleRequest(request, response).then((taken) => {
    if (!taken) response.writeHead(404).end();
  });
});
runtime.attach(server);
// Where it is joined with others, they reach it from its first request on.
const ready = Promise.all([signalr.hub(contractHub).ready, signalr.hub(ticketHub).ready]);
void ready.then(() =>
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
  }),
);
process.stdin.resume().once("end", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
