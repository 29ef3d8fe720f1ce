import type { Frame } from "../protocol/frame.ts";
import type { HubProtocol, ProtocolName } from "../protocol/hub-protocol.ts";
import { type CompletionMessage, type HubMessage, MessageType } from "../protocol/messages.ts";
import { SerializedMessage } from "../protocol/serialized-message.ts";
import type { ForeignCompletion } from "./backplane-protocol.ts";

type Protocols = readonly HubProtocol[];

/** Bounds for what other nodes send: they are trusted, and have judged it already. */
const trusted = { maximumMessageSize: Number.MAX_SAFE_INTEGER, maximumDepth: 100 };

/** @returns the message as each of the protocols frames it: other nodes' clients may speak any of them */
export function framesOf(message: SerializedMessage, protocols: Protocols): Map<string, Uint8Array> {
  return new Map(protocols.map((protocol) => [protocol.name, bytesOf(message.frame(protocol))]));
}

/**
 * @param frames a message from another node, in the protocols which that node speaks
 * @returns the message for connections here; a protocol that is missing is encoded from one that is there
 */
export function messageOf(frames: ReadonlyMap<string, Uint8Array>, protocols: Protocols): SerializedMessage {
  const known: { [Name in ProtocolName]?: Frame } = {};
  for (const { name, transferFormat } of protocols) {
    const bytes = frames.get(name);
    if (bytes !== undefined) known[name] = transferFormat === "Text" ? textOf(bytes) : new Uint8Array(bytes);
  }
  return new SerializedMessage(() => readAny(frames, protocols), known);
}

/**
 * @param frames a message from another node, in the protocols which that node speaks
 * @param preferred the client's own, as the reference answers in it
 * @returns the one to answer in: a node that does not speak it would drop the answer
 */
export function protocolOfBoth(
  frames: ReadonlyMap<string, Uint8Array>,
  protocols: Protocols,
  preferred: HubProtocol | undefined,
): HubProtocol | undefined {
  const spoken = protocols.filter(({ name }) => frames.has(name));
  return spoken.find((protocol) => protocol === preferred) ?? spoken[0];
}

/** @param protocol one that the node which asked speaks */
export function encodeForeignCompletion(completion: CompletionMessage, protocol: HubProtocol): ForeignCompletion {
  return { protocol: protocol.name, message: bytesOf(protocol.encode(completion)) };
}

/** @throws TypeError or ProtocolError when it holds no completion of a protocol known here */
export function readForeignCompletion({ protocol, message }: ForeignCompletion, protocols: Protocols) {
  const [completion] = protocolNamed(protocol, protocols).createReader(trusted).read(message);
  if (completion?.type !== MessageType.completion) throw new TypeError("Not a completion.");
  return completion;
}

function readAny(frames: ReadonlyMap<string, Uint8Array>, protocols: Protocols): HubMessage {
  for (const protocol of protocols) {
    const bytes = frames.get(protocol.name);
    if (bytes === undefined) continue;
    for (const message of protocol.createReader(trusted).read(bytes)) return message;
  }
  throw new TypeError("Not in a protocol known here.");
}

function protocolNamed(name: string, protocols: Protocols): HubProtocol {
  const protocol = protocols.find((known) => known.name === name);
  if (protocol === undefined) throw new TypeError(`The protocol '${name}' is not spoken here.`);
  return protocol;
}

function bytesOf(frame: Frame): Uint8Array {
  return typeof frame === "string" ? Buffer.from(frame) : frame;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}
