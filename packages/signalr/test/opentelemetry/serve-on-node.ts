import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { nodeRuntime } from "../../src/runtimes/node.ts";
import { inSpan, report } from "./telemetry.ts";
import { signalr } from "./traced-hub.ts";

/** The traced hub on `node:http`, each request in a span: prints its port, answers what was seen, and ends when its input does. */
const runtime = nodeRuntime(signalr);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const seen = await report(request.url ?? "");
  if (seen !== undefined) response.setHeader("content-type", "application/json").end(JSON.stringify(seen));
  else if (!(await inSpan("request", () => runtime.handleRequest(request, response)))) response.writeHead(404).end();
}

const server = createServer((request, response) => void answer(request, response));
server.on("upgrade", (request, socket, head) => {
  void inSpan("request", () => runtime.handleUpgrade(request, socket, head));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});
process.stdin.resume().once("end", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
