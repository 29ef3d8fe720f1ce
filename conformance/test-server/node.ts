// Node 20 reads no TypeScript, so this is bundled first:
// bun build conformance/test-server/node.ts --target=node --outdir=conformance/test-server/dist --entry-naming=server.mjs
// node conformance/test-server/dist/server.mjs [--port N] [--https-port N --cert file --key file]
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import { nodeRuntime } from "@hubbub/signalr/node";
import { announce, loopback, parseListening } from "./listening.ts";
import { TestServer } from "./test-server.ts";
import { type RequestSocket, requestSocket } from "./visitor.ts";

const runtime = nodeRuntime(new TestServer());

async function answer(request: IncomingMessage, response: ServerResponse, secure: boolean): Promise<void> {
  const socket = socketOf(request.socket, secure);
  const taken = await requestSocket.run(socket, () => runtime.handleRequest(request, response));
  if (!taken) response.writeHead(404, { "content-type": "text/plain" }).end("Not found");
}

function serve(server: Server, scheme: "http" | "https", port: number): void {
  const secure = scheme === "https";
  server.on("request", (request, response) => void answer(request, response, secure));
  server.on("upgrade", (request, socket, head) => {
    const upgraded = requestSocket.run(socketOf(request.socket, secure), () =>
      runtime.handleUpgrade(request, socket, head),
    );
    void upgraded.then((taken) => {
      if (!taken) socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    });
  });
  server.listen(port, loopback, () => {
    const address = server.address();
    announce(scheme, typeof address === "object" && address !== null ? address.port : port);
  });
}

function socketOf(socket: Socket, secure: boolean): RequestSocket {
  const { localPort = 0, remotePort = 0, localAddress = "", remoteAddress = "" } = socket;
  return { secure, localPort, remotePort, localAddress, remoteAddress };
}

const { port, https } = parseListening(process.argv.slice(2));
serve(createServer(), "http", port);
if (https !== undefined) serve(createSecureServer({ cert: https.cert, key: https.key }), "https", https.port);
