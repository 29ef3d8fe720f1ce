/**
 * Hubs on `Bun.serve`, and in frameworks that run on it, like Hono.
 * @module bun
 */
import type { Server, ServerWebSocket, WebSocketHandler } from "bun";
import type { Frame } from "../protocol/frame.ts";
import type { SignalR } from "../signalr.ts";
import type { RequestPort } from "../transports/request-port.ts";
import type { Topics } from "../transports/topics.ts";
import { type OpenWebSocket, WebSocketTransport } from "../transports/web-socket.ts";

/** What became of a request. */
export type BunFetchResult =
  /** The request is for no hub: the application answers it. */
  | { readonly kind: "not-found" }
  /** The answer to the request. */
  | { readonly kind: "response"; readonly response: Response }
  /** The request is a WebSocket now: `fetch` returns undefined. */
  | { readonly kind: "upgraded" };

/** Hubs on `Bun.serve`. */
export interface BunRuntime {
  /**
   * To be called from `Bun.serve`'s `fetch` for every request; never rejects.
   * @param request any request
   * @param server what `fetch` was given beside it
   * @returns what became of it
   */
  fetch(request: Request, server: Server<BunSocketData>): Promise<BunFetchResult>;
  /** To be given to `Bun.serve` as `websocket`. */
  readonly websocket: WebSocketHandler<BunSocketData>;
}

/**
 * What a hub's WebSocket carries along under Bun as its `data`. It belongs to the runtime; an application needs its name
 * for the type of its `Server`.
 */
export interface BunSocketData {
  /** Tells it from what other WebSockets carry along. */
  readonly name: "WebSockets";
}

/** How hubs run on `Bun.serve`. */
export interface BunRuntimeOptions {
  /** Seconds: what `Bun.serve` was given as `idleTimeout`. Default 10, as is its own. */
  readonly idleTimeout?: number;
  /** Bytes a client may leave unread before it is cut off, beyond what the kernel takes (rule S3). Default 1 MiB. */
  readonly backpressureLimit?: number;
}

/**
 * Runs hubs on `Bun.serve`.
 * @param signalr the hubs
 * @param options defaults do
 * @returns what `Bun.serve` is given
 * @example
 * ```ts
 * const hubs = bunRuntime(createSignalR({ hubs: [chatHub] }));
 * Bun.serve({
 *   websocket: hubs.websocket,
 *   async fetch(request, server) {
 *     const result = await hubs.fetch(request, server);
 *     if (result.kind === "not-found") return new Response("This is no hub.", { status: 404 });
 *     return result.kind === "response" ? result.response : undefined;
 *   },
 * });
 * ```
 */
export function bunRuntime(signalr: SignalR, options: BunRuntimeOptions = {}): BunRuntime {
  const idleTimeout = options.idleTimeout ?? 10;
  const guard = (what: string, task: () => void) => {
    // A throw in a WebSocket handler would end the process without a word.
    try {
      task();
    } catch (error) {
      signalr.logger.error("A WebSocket handler failed.", { what, error });
    }
  };
  return {
    async fetch(request, server) {
      if (!signalr.serves(request.url)) return { kind: "not-found" };
      await signalr.requests.admit();
      const handled = await signalr.handle(request, new BunRequestPort(request, server, idleTimeout));
      if (handled.kind !== "upgrade") return handled;
      if (server.upgrade(request, { data: new BunSocket(handled.open, server) })) return { kind: "upgraded" };
      handled.abandon();
      return { kind: "response", response: new Response("Expected a WebSocket handshake", { status: 400 }) };
    },
    websocket: {
      open: (socket) => guard("open", () => ours(socket)?.begin(socket)),
      message: (socket, message) => guard("message", () => ours(socket)?.receive(message)),
      drain: (socket) => guard("drain", () => ours(socket)?.drained()),
      close: (socket, code) => guard("close", () => ours(socket)?.closed(code)),
      backpressureLimit: options.backpressureLimit ?? 1024 * 1024,
      closeOnBackpressureLimit: true,
      // Server sends would count as the client's activity: the hub watches for silence itself.
      idleTimeout: 0,
      sendPings: false,
      // One frame may hold several messages; the hub judges each by its own limit and says why it closes.
      maxPayloadLength: signalr.largestFrame,
      perMessageDeflate: false,
    },
  };
}

function ours({ data }: ServerWebSocket<BunSocketData>): BunSocket | undefined {
  return data instanceof BunSocket ? data : undefined;
}

/** The idle time-out belongs to the client's socket, not to the request: it stays as it was left. */
class BunRequestPort implements RequestPort {
  readonly #request: Request;
  readonly #server: Server<BunSocketData>;
  readonly #idleTimeout: number;

  constructor(request: Request, server: Server<BunSocketData>, idleTimeout: number) {
    this.#request = request;
    this.#server = server;
    this.#idleTimeout = idleTimeout;
  }

  get remoteAddress(): string | undefined {
    return this.#server.requestIP(this.#request)?.address;
  }

  keepOpen(): void {
    this.#server.timeout(this.#request, 0);
  }

  release(): void {
    this.#server.timeout(this.#request, this.#idleTimeout);
  }

  cut(): void {
    this.#server.timeout(this.#request, 1);
  }
}

/** A hub's WebSocket under Bun, which carries this along as its `data`. */
class BunSocket extends WebSocketTransport implements Topics {
  readonly #server: Server<BunSocketData>;
  #open: OpenWebSocket | null;
  #socket: ServerWebSocket<BunSocketData> | null = null;

  constructor(open: OpenWebSocket, server: Server<BunSocketData>) {
    super();
    this.#open = open;
    this.#server = server;
  }

  begin(socket: ServerWebSocket<BunSocketData>): void {
    this.#socket = socket;
    this.#open?.(this);
    // It holds on to the request.
    this.#open = null;
  }

  get topics(): this {
    return this;
  }

  subscribe(topic: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.unsubscribe(topic);
  }

  /** What the result says is of the worst subscriber, who is closed by itself. */
  publish(topic: string, frame: Frame): void {
    this.#server.publish(topic, frame);
  }

  write(frames: readonly Frame[]): void {
    const [first] = frames;
    if (this.#socket === null || first === undefined) return;
    if (frames.length === 1) {
      sendFrame(this.#socket, first);
      return;
    }
    this.#socket.cork((socket) => {
      for (const frame of frames) sendFrame(socket, frame);
    });
  }

  protected get bufferedBytes(): number {
    return this.#socket?.getBufferedAmount() ?? 0;
  }

  setPaused(paused: boolean): void {
    if (paused) this.#socket?.pause();
    else this.#socket?.resume();
  }

  closeWith(code: number): void {
    this.#socket?.close(code);
  }
}

/** Above the limit of unread bytes the socket closes by itself, so the result of a send says nothing more. */
function sendFrame(socket: ServerWebSocket<BunSocketData>, frame: Frame): void {
  if (typeof frame === "string") socket.sendText(frame);
  else socket.sendBinary(frame);
}
