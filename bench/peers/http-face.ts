import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** Collects garbage when asked, so that memory is compared and not the collectors' laziness. */
export function answerHttp(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === "/gc") globalThis.gc?.();
  response.end();
}

/** Begins to listen, and says where on standard output. */
export function tellPort(server: Server): void {
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object" && address !== null) console.log(`port ${address.port}`);
  });
}
