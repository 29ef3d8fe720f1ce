import type { Chunk, Frame } from "../protocol/frame.ts";
import { encodeHandshakeResponse, parseHandshake } from "../protocol/handshake.ts";
import type { HubProtocol } from "../protocol/hub-protocol.ts";
import type { RecordReader } from "../protocol/record-reader.ts";
import type { Transport } from "../transports/transport.ts";
import { errorTexts } from "./error-texts.ts";

/** What became of a client's first words. */
export type HandshakeOutcome =
  | { readonly kind: "incomplete" }
  | { readonly kind: "refused"; readonly error: string }
  | {
      readonly kind: "accepted";
      readonly protocol: HubProtocol;
      readonly version: number;
      /** What came behind the handshake. */
      readonly rest: Chunk;
    };

/** Who knows the protocols that are spoken here. */
export interface ProtocolSource {
  /** @returns the protocol of that name, or undefined when it is not spoken here */
  protocol(name: string): HubProtocol | undefined;
}

/**
 * Reads on in a client's handshake and judges it once it is whole.
 * @param records what has come of it, to which `chunk` is added
 * @throws ProtocolError when it is no handshake
 */
export function acceptHandshake(
  records: RecordReader,
  chunk: Chunk,
  source: ProtocolSource,
  transferFormat: Transport["transferFormat"],
): HandshakeOutcome {
  records.append(chunk);
  const record = records.next();
  if (record === undefined) return { kind: "incomplete" };
  const { protocol: name, version } = parseHandshake(record);
  const protocol = source.protocol(name);
  if (protocol === undefined) return { kind: "refused", error: errorTexts.protocolUnknown(name) };
  if (version < 1 || version > protocol.version) {
    return { kind: "refused", error: errorTexts.versionUnknown(version, name) };
  }
  if (protocol.transferFormat === "Binary" && transferFormat === "Text") {
    return { kind: "refused", error: errorTexts.formatUnsupported(name) };
  }
  return { kind: "accepted", protocol, version, rest: records.takeRest() };
}

const encoder = new TextEncoder();

/** @returns the answer to a handshake that is accepted: JSON, but it travels like the frames of the protocol it opens */
export function acceptance(protocol: HubProtocol): Frame {
  const response = encodeHandshakeResponse();
  return protocol.transferFormat === "Text" ? response : encoder.encode(response);
}
