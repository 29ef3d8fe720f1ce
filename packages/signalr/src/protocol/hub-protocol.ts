import type { Chunk, Frame } from "./frame.ts";
import type { HubMessage } from "./messages.ts";

export type ProtocolName = "json" | "messagepack";

/** Bounds on what a client may send in one message. */
export interface ReadLimits {
  /** Bytes of one message, its framing left out. */
  readonly maximumMessageSize: number;
  /** Levels of arrays and objects inside each other. */
  readonly maximumDepth: number;
}

/** An encoding of hub messages. Pure: it does no I/O and keeps no state but what a reader holds. */
export interface HubProtocol {
  readonly name: ProtocolName;
  readonly transferFormat: "Text" | "Binary";
  /** Highest version spoken; 2 adds Ack and Sequence. */
  readonly version: number;
  /** @returns the message with its framing, ready for the wire. */
  encode(message: HubMessage): Frame;
  createReader(limits: ReadLimits): MessageReader;
}

/** Takes the messages out of one client's byte stream, however it was cut into chunks. */
export interface MessageReader {
  /**
   * Adds a chunk and yields every message that is whole now; the rest is kept for the next chunk.
   * Messages of an unknown type are left out.
   * @throws ProtocolError when the stream is malformed or a limit is passed; the reader is useless afterwards.
   */
  read(chunk: Chunk): Iterable<HubMessage>;
  /** True while the beginning of an unfinished message is held. */
  readonly hasPartial: boolean;
}
