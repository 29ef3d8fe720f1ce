import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { type Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** @returns where a request goes; the host is never looked at: hubs read the path, and the Host header where they need it */
export function addressOf({ url = "/" }: IncomingMessage): string {
  return url.startsWith("/") ? `http://localhost${url}` : url;
}

/**
 * @param outgoing absent for an upgrade, which has no body and no answer to wait for
 * @returns a web request of the same meaning; its signal fires when the client is gone before the answer is through
 */
export function toRequest(incoming: IncomingMessage, outgoing: ServerResponse | null): Request {
  const { method = "GET" } = incoming;
  const address = new URL(addressOf(incoming), "http://localhost");
  const headers = headersOf(incoming);
  if (outgoing === null) return new Request(address, { method, headers });
  const aborter = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) aborter.abort();
  });
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(address, {
    method,
    headers,
    signal: aborter.signal,
    ...(hasBody ? { body: bodyOf(incoming), duplex: "half" } : {}),
  });
}

/** As they came: a web request joins those of one name itself. */
function headersOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.push([rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""]);
  return headers;
}

/** Node's own conversion keeps a stream waiting on a client that has gone; this one ends with it. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(new Uint8Array(next.value));
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}

/** Sends a web response; resolves when it is through or the client is gone. */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  response.headers.forEach((value, name) => {
    // Each cookie comes by itself, and the application may have set others.
    if (name === "set-cookie") outgoing.appendHeader(name, value);
    else outgoing.setHeader(name, value);
  });
  if (response.body === null || isEmpty(response)) {
    if (response.status !== 204) outgoing.setHeader("content-length", 0);
    outgoing.end();
    return;
  }
  if (!isStream(response)) {
    const body = Buffer.from(await response.arrayBuffer());
    outgoing.setHeader("content-length", body.length);
    outgoing.end(body);
    return;
  }
  outgoing.flushHeaders();
  await pipeline(Readable.from(chunksOf(response.body)), outgoing).catch(() => undefined);
}

/** Sends a web response instead of an upgrade, and ends the socket. */
export async function refuseUpgrade(response: Response, socket: Duplex): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const { status } = response;
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`];
  response.headers.forEach((value, name) => {
    lines.push(`${name}: ${value}`);
  });
  lines.push("connection: close", `content-length: ${body.length}`, "", "");
  socket.write(lines.join("\r\n"), "latin1");
  socket.end(body);
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function isStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}

function isEmpty(response: Response): boolean {
  return response.status === 204;
}
