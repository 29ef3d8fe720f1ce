import { createServer } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createSignalR } from "../../src/index.ts";
import { nodeRuntime } from "../../src/runtimes/node.ts";
import { hostileHub, largeHub } from "./hostile-hub.ts";
import { reporter } from "./server-report.ts";

function nodeCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("Node has no collector to call.");
  return () => void collect();
}
const collect = process.versions.bun === undefined ? nodeCollector() : () => Bun.gc(true);

/** The hubs under attack on `node:http`: prints its port, answers `/report`, and ends when its input does. */
const signalr = createSignalR({ hubs: [hostileHub, largeHub], timerResolution: 50 });
const runtime = nodeRuntime(signalr);
const report = reporter(signalr, collect);
const server = createServer((request, response) => {
  void runtime.handleRequest(request, response).then((taken) => {
    if (!taken) response.setHeader("content-type", "application/json").end(JSON.stringify(report()));
  });
});
runtime.attach(server);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});
process.stdin.resume().once("end", () => {
  void signalr.shutdown().then(() => process.exit(0));
});
