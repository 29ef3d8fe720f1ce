// bun conformance/test-server/bun.ts [--port N] [--https-port N --cert file --key file]
import { type BunSocketData, bunRuntime } from "@hubbub/signalr/bun";
import type { Server } from "bun";
import { announce, loopback, parseListening } from "./listening.ts";
import { TestServer } from "./test-server.ts";
import { requestSocket } from "./visitor.ts";

const runtime = bunRuntime(new TestServer());

async function fetch(request: Request, server: Server<BunSocketData>): Promise<Response | undefined> {
  const remote = server.requestIP(request);
  const socket = {
    secure: server.url.protocol === "https:",
    localPort: server.port ?? 0,
    remotePort: remote?.port ?? 0,
    localAddress: loopback,
    remoteAddress: remote?.address ?? "",
  };
  const result = await requestSocket.run(socket, () => runtime.fetch(request, server));
  switch (result.kind) {
    case "response":
      return result.response;
    case "upgraded":
      return undefined;
    case "not-found":
      return new Response("Not found", { status: 404 });
  }
}

const { port, https } = parseListening(process.argv.slice(2));
const base = { hostname: loopback, development: false, websocket: runtime.websocket, fetch } as const;
announce("http", Bun.serve({ ...base, port }).port ?? port);
if (https !== undefined) {
  const { cert, key } = https;
  announce("https", Bun.serve({ ...base, port: https.port, tls: { cert, key } }).port ?? https.port);
}
