import type { Connection } from "../hub/connection.ts";
import type { ConnectionTraits } from "../hub/connection-host.ts";
import type { HubTypes, Identity } from "../hub/hub-options.ts";
import type { HubServer } from "../hub/hub-server.ts";
import type { Chunk, Frame } from "../protocol/frame.ts";
import type { ConnectionRequest } from "./connection-request.ts";
import type { Topics } from "./topics.ts";
import type { Transport } from "./transport.ts";

/** Close codes of RFC 6455 that a hub uses. */
export const closeCode = { normal: 1000, abnormal: 1006, failed: 1011 } as const;

/** What a stream may leave unread before it waits, well below the limit at which a client is cut off. */
const congestedBytes = 64 * 1024;

/** An open WebSocket, as a runtime offers it. */
export interface WebSocketPort {
  /** The runtime's topics, where it has them. */
  readonly topics: Topics | null;
  /** Writes the frames in order, joined into one write where the runtime can. */
  send(frames: readonly Frame[]): void;
  /** Bytes written that the client has not taken yet; 0 where the runtime cannot tell. */
  readonly bufferedBytes: number;
  setPaused(paused: boolean): void;
  close(code: number): void;
}

/** What a runtime reports about an open WebSocket. */
export interface WebSocketSession {
  receive(chunk: Chunk): void;
  /** The client has taken some of what was buffered. */
  drained(): void;
  /** @param code 1006 when the socket broke */
  closed(code: number): void;
}

/** An accepted upgrade: the runtime opens the socket and hands it over. */
export type OpenWebSocket = (port: WebSocketPort) => WebSocketSession;

/** @returns what begins a hub connection on a WebSocket once it is open */
export function webSocketOf<Types extends HubTypes>(
  server: HubServer<Types>,
  request: ConnectionRequest | null,
  id: string,
  identity: Identity<Types["user"]>,
  traits?: ConnectionTraits,
): OpenWebSocket {
  return (port) => {
    const socket = new SocketTransport(server, port, request);
    socket.carry(server.connect(id, identity, socket, traits));
    return socket;
  };
}

/** @returns what carries an existing connection on over another WebSocket */
export function nextWebSocketOf<Types extends HubTypes>(
  server: HubServer<Types>,
  request: ConnectionRequest | null,
  id: string,
): OpenWebSocket {
  return (port) => {
    const socket = new SocketTransport(server, port, request);
    const connection = server.resume(id, socket);
    if (connection === undefined) port.close(closeCode.failed);
    else socket.carry(connection);
    return socket;
  };
}

/** Both what a connection writes to and what a runtime reports to: two objects for each would cost their memory. */
class SocketTransport<Types extends HubTypes> implements Transport, WebSocketSession {
  readonly request: ConnectionRequest | null;
  readonly #server: HubServer<Types>;
  readonly #port: WebSocketPort;
  #connection: Connection<Types> | null = null;

  constructor(server: HubServer<Types>, port: WebSocketPort, request: ConnectionRequest | null) {
    this.#server = server;
    this.#port = port;
    this.request = request;
  }

  carry(connection: Connection<Types>): void {
    this.#connection = connection;
  }

  get name(): "WebSockets" {
    return "WebSockets";
  }

  get transferFormat(): "Binary" {
    return "Binary";
  }

  get pings(): boolean {
    return true;
  }

  get topics(): Topics | null {
    return this.#port.topics;
  }

  get isCongested(): boolean {
    return this.#port.bufferedBytes > congestedBytes;
  }

  write(frames: readonly Frame[]): void {
    this.#port.send(frames);
  }

  setPaused(paused: boolean): void {
    this.#port.setPaused(paused);
  }

  /** What went wrong was said in a message: the socket itself ends as it should. */
  close(): void {
    this.#port.close(closeCode.normal);
  }

  receive(chunk: Chunk): void {
    if (this.#connection?.isOn(this)) this.#connection.receive(chunk);
  }

  drained(): void {
    this.#connection?.drained();
  }

  closed(code: number): void {
    if (this.#connection !== null) this.#server.transportClosed(this.#connection, this, code !== closeCode.abnormal);
  }
}
