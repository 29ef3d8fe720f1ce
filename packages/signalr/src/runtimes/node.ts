/**
 * Hubs on `node:http` and `node:https`, and in frameworks that run on them, like Express and Fastify; under Node and under
 * Bun.
 * @module node
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
// `ws`, which Bun would replace by its own: docs/decisions/ws-under-another-name.md
import { type RawData, WebSocket, WebSocketServer } from "ws-from-npm";
import type { Frame } from "../protocol/frame.ts";
import type { SignalR } from "../signalr.ts";
import type { RequestPort } from "../transports/request-port.ts";
import { emptyResponse } from "../transports/responses.ts";
import { closeCode, type OpenWebSocket, WebSocketTransport } from "../transports/web-socket.ts";
import { FrameCache } from "./node-frames.ts";
import { addressOf, refuseUpgrade, sendResponse, toRequest } from "./node-request.ts";

/** How hubs run on `node:http`. */
export interface NodeRuntimeOptions {
  /** Bytes a client may leave unread before it is cut off, beyond what the kernel takes (rule S3). Default 1 MiB. */
  readonly backpressureLimit?: number;
}

/** Runs hubs on `node:http`, and on every framework that shows its request and response. */
export interface NodeRuntime {
  /**
   * Answers a request for a hub; never rejects. Nobody may have read its body.
   * @param request any request
   * @param response left alone when the request is for no hub
   * @returns false when the request is for no hub: the application answers it
   */
  handleRequest(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /**
   * Takes a socket that asks for an upgrade to a hub; never rejects.
   * @param request what the server's `upgrade` event tells
   * @param socket of the request
   * @param head what came behind it
   * @returns false when the request is for no hub: the application sees to the socket
   */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<boolean>;
  /**
   * Takes the upgrades of a server, and closes the sockets of those that are for no hub.
   * @param server the application's
   */
  attach(server: Server): void;
}

/** Milliseconds a client may take to answer a close. */
const closeTimeout = 5000;
/** Bytes that the fragments of the longest message must have on average. */
const smallestFragments = 1024;

/**
 * Runs hubs on `node:http`.
 * @param signalr the hubs
 * @param options defaults do
 * @returns what the application's server is given
 * @example
 * ```ts
 * const hubs = nodeRuntime(createSignalR({ hubs: [chatHub] }));
 * const server = createServer(async (request, response) => {
 *   if (!(await hubs.handleRequest(request, response))) response.writeHead(404).end();
 * });
 * hubs.attach(server);
 * server.listen(8080);
 * ```
 */
export function nodeRuntime(signalr: SignalR, options: NodeRuntimeOptions = {}): NodeRuntime {
  const frames = new FrameCache();
  const { requests } = signalr;
  const limit = options.backpressureLimit ?? 1024 * 1024;
  const maxPayload = signalr.largestFrame;
  const webSockets = new WebSocketServer({
    noServer: true,
    WebSocket: HubWebSocket,
    // One frame may hold several messages; the hub judges each by its own limit and says why it closes.
    maxPayload,
    // Each fragment costs `ws` a hundred bytes and more until the last has come.
    maxFragments: Math.ceil(maxPayload / smallestFragments),
    perMessageDeflate: false,
  });
  const begin = (socket: HubWebSocket, raw: Duplex, open: OpenWebSocket) => {
    const end = () => signalr.wheel.schedule({ onTimer: () => terminate(socket) }, closeTimeout);
    const transport = new NodeWebSocket(socket, raw, frames, limit, end);
    open(transport);
    listen(socket, raw, transport, signalr);
  };
  const runtime: NodeRuntime = {
    async handleRequest(incoming, outgoing) {
      if (!signalr.serves(addressOf(incoming))) return false;
      await requests.admit();
      // Who has gone meanwhile needs no answer.
      if (outgoing.destroyed) return true;
      const handled = await signalr.handle(
        toRequest(incoming, outgoing),
        nodeRequestPort(incoming, () => outgoing.destroy()),
      );
      if (handled.kind === "not-found") return false;
      const response =
        handled.kind === "response"
          ? handled.response
          : new Response("Expected a WebSocket handshake", { status: 400 });
      await sendResponse(response, outgoing).catch((error) => {
        signalr.logger.debug("An answer broke off.", { error });
        outgoing.destroy();
      });
      return true;
    },
    async handleUpgrade(incoming, socket, head) {
      // A socket without a listener would end the process when it breaks.
      socket.on("error", () => socket.destroy());
      if (!signalr.serves(addressOf(incoming))) return false;
      await requests.admit();
      const handled = await signalr.handle(
        toRequest(incoming, null),
        nodeRequestPort(incoming, () => undefined),
      );
      switch (handled.kind) {
        case "not-found":
          return false;
        case "response":
          await refuseUpgrade(handled.response, socket).catch((error) => {
            signalr.logger.debug("A refusal broke off.", { error });
            socket.destroy();
          });
          return true;
        case "upgrade":
          // While it was found out who this is, the client may have gone: then no close will tell.
          if (socket.destroyed) {
            handled.abandon();
            return true;
          }
          socket.once("close", handled.abandon);
          webSockets.handleUpgrade(incoming, socket, head, (webSocket) => {
            socket.off("close", handled.abandon);
            begin(webSocket, socket, handled.open);
          });
          return true;
      }
    },
    attach(server) {
      server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        void runtime.handleUpgrade(request, socket, head).then((taken) => {
          if (!taken) void refuseUpgrade(emptyResponse(404), socket);
        });
      });
    },
  };
  return runtime;
}

/** Answers a close without a code by 1000, where `ws` would answer with none. */
class HubWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code ?? closeCode.normal, reason);
  }
}

function terminate(socket: WebSocket): null {
  if (socket.readyState !== WebSocket.CLOSED) socket.terminate();
  return null;
}

/** An event handler that throws would end the process. */
function listen(socket: WebSocket, raw: Duplex, transport: NodeWebSocket, { logger }: SignalR): void {
  const guard = (what: string, task: () => void) => {
    try {
      task();
    } catch (error) {
      logger.error("A WebSocket handler failed.", { what, error });
    }
  };
  socket.on("message", (data: RawData, isBinary: boolean) => {
    const bytes = toBytes(data);
    guard("message", () => transport.receive(isBinary ? bytes : bytes.toString()));
  });
  socket.on("close", (code) => guard("close", () => transport.closed(code)));
  // What is wrong with a socket ends it, and the close tells.
  socket.on("error", (error) => logger.debug("A WebSocket broke.", { error }));
  raw.on("drain", () => guard("drain", () => transport.drained()));
}

function toBytes(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

class NodeWebSocket extends WebSocketTransport {
  readonly topics = null;
  readonly #socket: WebSocket;
  readonly #raw: Duplex;
  readonly #frames: FrameCache;
  readonly #limit: number;
  readonly #end: () => void;

  constructor(socket: WebSocket, raw: Duplex, frames: FrameCache, limit: number, end: () => void) {
    super();
    this.#socket = socket;
    this.#raw = raw;
    this.#frames = frames;
    this.#limit = limit;
    this.#end = end;
  }

  protected get bufferedBytes(): number {
    return this.#raw.writableLength;
  }

  /** Frames are whole and are written here only, so they may go past `ws`, which would make each anew. */
  write(frames: readonly Frame[]): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#raw.cork();
    for (const frame of frames) this.#raw.write(this.#frames.get(frame));
    this.#raw.uncork();
    if (this.#raw.writableLength > this.#limit) this.#socket.terminate();
  }

  setPaused(paused: boolean): void {
    if (paused) this.#socket.pause();
    else this.#socket.resume();
  }

  closeWith(code: number): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.close(code);
    // A socket that is not read would not see the client's answer.
    this.#socket.resume();
    this.#end();
  }
}

/** Node has no idle time-out on answers; a client that does not read is cut off at its socket. */
function nodeRequestPort({ socket }: IncomingMessage, cut: () => void): RequestPort {
  return {
    /** Asks the kernel, which would be a quarter of what an upgrade costs. */
    get remoteAddress() {
      return socket.remoteAddress;
    },
    keepOpen: () => undefined,
    release: () => undefined,
    cut,
  };
}
