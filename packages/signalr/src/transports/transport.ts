import type { Frame } from "../protocol/frame.ts";
import type { ConnectionRequest } from "./connection-request.ts";
import type { Topics } from "./topics.ts";

/** How messages travel. */
export type TransportName = "WebSockets" | "ServerSentEvents" | "LongPolling";

/** How a connection's frames reach its client. The connection decides order and end; a transport only carries. */
export interface Transport {
  readonly name: TransportName;
  /** `Text` for a transport that cannot carry bytes. */
  readonly transferFormat: "Text" | "Binary";
  /** What is kept of the request that carries it, of the latest where there are several. */
  readonly request: ConnectionRequest | null;
  /** Whether silence means something: a transport that polls has its own way to notice that a client is gone. */
  readonly pings: boolean;
  /** The runtime's topics, where its sockets have them. */
  readonly topics: Topics | null;
  /** Whether more than a little waits for the client to read it. */
  readonly isCongested: boolean;
  /** Carries the frames in order, in as few writes as it can. */
  write(frames: readonly Frame[]): void;
  /** Stops or starts taking what the client sends, where the transport can. */
  setPaused(paused: boolean): void;
  /** Ends the transport after what was written. The connection is over already: nothing is reported back. */
  close(): void;
}
