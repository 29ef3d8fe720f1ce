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

/** An accepted upgrade: the runtime opens the socket and hands it over. */
export type OpenWebSocket = (socket: WebSocketTransport) => void;

/** @returns what begins a hub connection on a WebSocket once it is open */
export function webSocketOf<Types extends HubTypes>(
  server: HubServer<Types>,
  request: ConnectionRequest | null,
  id: string,
  identity: Identity<Types["user"]>,
  traits?: ConnectionTraits,
): OpenWebSocket {
  return (socket) => {
    socket.request = request;
    socket.carry(server.connect(id, identity, socket, traits));
  };
}

/** @returns what carries an existing connection on over another WebSocket */
export function nextWebSocketOf<Types extends HubTypes>(
  server: HubServer<Types>,
  request: ConnectionRequest | null,
  id: string,
): OpenWebSocket {
  return (socket) => {
    socket.request = request;
    const connection = server.resume(id, socket);
    if (connection === undefined) socket.closeWith(closeCode.failed);
    else socket.carry(connection);
  };
}

/** A connection, as its WebSocket needs to know it. */
interface Carried {
  isOn(transport: Transport): boolean;
  receive(chunk: Chunk): void;
  drained(): void;
  transportClosed(transport: Transport, clean: boolean): void;
}

/**
 * A WebSocket with a hub connection on it: what the connection writes to and what a runtime reports to. Each runtime
 * derives its own: a second object for each socket would cost its memory.
 */
export abstract class WebSocketTransport implements Transport {
  request: ConnectionRequest | null = null;
  #connection: Carried | null = null;

  /** The runtime's topics, where it has them. */
  abstract readonly topics: Topics | null;
  /** Bytes written that the client has not taken yet; 0 where the runtime cannot tell. */
  protected abstract readonly bufferedBytes: number;

  /** Writes the frames in order, joined into one write where the runtime can. */
  abstract write(frames: readonly Frame[]): void;
  abstract setPaused(paused: boolean): void;
  abstract closeWith(code: number): void;

  carry(connection: Carried): void {
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

  get isCongested(): boolean {
    return this.bufferedBytes > congestedBytes;
  }

  /** What went wrong was said in a message: the socket itself ends as it should. */
  close(): void {
    this.closeWith(closeCode.normal);
  }

  /** To be called by the runtime with what the client sends. */
  receive(chunk: Chunk): void {
    if (this.#connection?.isOn(this)) this.#connection.receive(chunk);
  }

  /** To be called by the runtime when the client has taken some of what was buffered. */
  drained(): void {
    this.#connection?.drained();
  }

  /**
   * To be called by the runtime at the end.
   * @param code 1006 when the socket broke
   */
  closed(code: number): void {
    this.#connection?.transportClosed(this, code !== closeCode.abnormal);
  }
}
