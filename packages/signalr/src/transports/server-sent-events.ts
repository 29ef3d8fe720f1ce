import type { Frame } from "../protocol/frame.ts";
import type { ConnectionRequest } from "./connection-request.ts";
import { congestedBytes, Gate, type HttpTransportSession, unreadLimit } from "./http-transport.ts";
import type { RequestPort } from "./request-port.ts";
import type { Transport } from "./transport.ts";

const headers = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-store",
  // Compression on the way would hold events back.
  "content-encoding": "identity",
};

/** Carries frames as server-sent events on one answer that never ends; the client sends by posts. */
export class ServerSentEventsTransport implements Transport {
  readonly name = "ServerSentEvents";
  readonly transferFormat = "Text";
  readonly pings = true;
  readonly topics = null;
  readonly gate = new Gate();
  readonly request: ConnectionRequest | null;
  readonly #port: RequestPort;
  readonly #encoder = new TextEncoder();
  #session: HttpTransportSession | null = null;
  #stream: ReadableStreamDefaultController<Uint8Array> | null = null;

  constructor(port: RequestPort, request: ConnectionRequest | null) {
    this.request = request;
    this.#port = port;
  }

  get session(): HttpTransportSession | null {
    return this.#session;
  }

  get isCongested(): boolean {
    return this.#unread > congestedBytes;
  }

  /** @returns the answer that carries the events */
  open(session: HttpTransportSession, signal: AbortSignal): Response {
    this.#session = session;
    this.#port.keepOpen();
    signal.addEventListener("abort", () => this.#lose(), { once: true });
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#stream = controller;
          // Without a first chunk the runtime holds even the headers back.
          controller.enqueue(this.#encoder.encode(":\r\n"));
        },
        pull: () => session.drained(),
        cancel: () => this.#lose(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: unreadLimit }),
    );
    // The client may have gone while it was found out who it is.
    if (signal.aborted) this.#lose();
    return new Response(body, { headers });
  }

  /** A frame of the JSON protocol is one line: JSON escapes line breaks. */
  write(frames: readonly Frame[]): void {
    if (this.#stream === null) return;
    let events = "";
    for (const frame of frames) events += `data: ${frame}\r\n\r\n`;
    this.#stream.enqueue(this.#encoder.encode(events));
    if (this.#unread <= unreadLimit) return;
    this.#port.cut();
    this.#lose();
  }

  setPaused(paused: boolean): void {
    this.gate.set(paused);
  }

  close(): void {
    this.gate.set(false);
    const stream = this.#stream;
    if (stream === null) return;
    this.#stream = null;
    if (this.#isUnread(stream)) this.#port.cut();
    else this.#port.release();
    stream.close();
    this.#session?.closed();
  }

  get #unread(): number {
    return this.#stream === null ? 0 : unreadLimit - (this.#stream.desiredSize ?? 0);
  }

  #isUnread(stream: ReadableStreamDefaultController<Uint8Array>): boolean {
    return (stream.desiredSize ?? 0) <= 0;
  }

  #lose(): void {
    if (this.#stream === null) return;
    this.#stream = null;
    this.gate.set(false);
    this.#session?.lost();
    this.#session?.closed();
  }
}
