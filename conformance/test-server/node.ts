// Node 20 reads no TypeScript, so this is bundled first:
// bun build conformance/test-server/node.ts --target=node --outdir=conformance/test-server/dist --entry-naming=server.mjs
// node conformance/test-server/dist/server.mjs [--port N] [--https-port N --cert file --key file]
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { nodeRuntime } from "@hubbub/signalr/node";
import { announce, loopback, parseListening } from "./listening.ts";
import { TestServer } from "./test-server.ts";
import { type RequestSocket, requestSocket } from "./visitor.ts";

const runtime = nodeRuntime(new TestServer());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const taken = await requestSocket.run(socketOf(request.socket), () => runtime.handleRequest(request, response));
  if (!taken) response.writeHead(404, { "content-type": "text/plain" }).end("Not found");
}

function serve(server: Server, scheme: "http" | "https", port: number): void {
  server.on("request", (request, response) => void answer(request, response));
  server.on("upgrade", (request, socket, head) => {
    const upgraded = requestSocket.run(socketOf(request.socket), () => runtime.handleUpgrade(request, socket, head));
    void upgraded.then((taken) => {
      if (!taken) socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    });
  });
  server.listen(port, loopback, () => {
    const address = server.address();
    announce(scheme, typeof address === "object" && address !== null ? address.port : port);
  });
}

function socketOf(socket: Socket): RequestSocket {
  const { localPort = 0, remotePort = 0, localAddress = "", remoteAddress = "" } = socket;
  return { secure: socket instanceof TLSSocket, localPort, remotePort, localAddress, remoteAddress };
}

const { port, https } = parseListening(process.argv.slice(2));
serve(createServer(), "http", port);
if (https !== undefined) serve(createSecureServer({ cert: https.cert, key: https.key }), "https", https.port);
