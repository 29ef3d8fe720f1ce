import { Decoder, Encoder } from "@msgpack/msgpack";
import { ByteBuffer } from "./byte-buffer.ts";
import { bytesOf, type Chunk } from "./frame.ts";
import type { HubProtocol, MessageReader, ReadLimits } from "./hub-protocol.ts";
import { readPrefix, withPrefix } from "./length-prefix.ts";
import {
  readArguments,
  readHeaders,
  readId,
  readOptionalId,
  readSequenceId,
  readStreamIds,
  readString,
} from "./message-fields.ts";
import { scanMessagePack } from "./messagepack-scan.ts";
import { type CompletionMessage, type HubMessage, MessageType, type Outcome } from "./messages.ts";
import { ProtocolError } from "./protocol-error.ts";

const encoder = new Encoder({ ignoreUndefined: true });
const decoder = new Decoder();

/** Hub messages as MessagePack arrays, each behind its length. */
export const messagePackProtocol: HubProtocol = {
  name: "messagepack",
  transferFormat: "Binary",
  version: 2,
  encode: (message) => withPrefix(encoder.encodeSharedRef(toArray(message))),
  createReader: (limits) => new MessagePackReader(limits),
};

class MessagePackReader implements MessageReader {
  readonly #limits: ReadLimits;
  #buffer: ByteBuffer | null = null;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  get hasPartial(): boolean {
    return this.#buffer !== null;
  }

  *read(chunk: Chunk): Iterable<HubMessage> {
    const { maximumMessageSize, maximumDepth } = this.#limits;
    let bytes = bytesOf(chunk);
    if (this.#buffer !== null) {
      this.#buffer.append(bytes);
      bytes = this.#buffer.peek();
    }
    let position = 0;
    while (position < bytes.length) {
      const prefix = readPrefix(bytes.subarray(position), maximumMessageSize);
      if (prefix === undefined || position + prefix.end > bytes.length) break;
      const message = parseMessage(bytes.subarray(position + prefix.start, position + prefix.end), maximumDepth);
      position += prefix.end;
      if (message !== undefined) yield message;
    }
    this.#keep(bytes, position);
  }

  /** Keeps what was not read; most chunks end with a message, and leave nothing. */
  #keep(bytes: Uint8Array, position: number): void {
    if (this.#buffer !== null) this.#buffer.skip(position);
    else if (position < bytes.length) {
      this.#buffer = new ByteBuffer();
      this.#buffer.append(bytes.subarray(position));
    }
    if (this.#buffer?.length === 0) this.#buffer = null;
  }
}

/** @returns the message, or undefined when its type is unknown */
function parseMessage(bytes: Uint8Array, maximumDepth: number): HubMessage | undefined {
  scanMessagePack(bytes, maximumDepth);
  const value = decode(bytes);
  if (!Array.isArray(value)) throw new ProtocolError("A message is not an array.");
  const items: readonly unknown[] = value;
  const [type] = items;
  switch (type) {
    case MessageType.invocation:
      return { type, ...readCall(items), invocationId: readOptionalId(items[2]) };
    case MessageType.streamInvocation:
      return { type, ...readCall(items), invocationId: readId(items[2]) };
    case MessageType.streamItem:
      return { type, headers: readHeaders(items[1]), invocationId: readId(items[2]), item: items[3] };
    case MessageType.completion:
      return { type, headers: readHeaders(items[1]), invocationId: readId(items[2]), outcome: readOutcome(items) };
    case MessageType.cancelInvocation:
      return { type, headers: readHeaders(items[1]), invocationId: readId(items[2]) };
    case MessageType.ping:
      return { type };
    case MessageType.close:
      return { type, error: readOptionalError(items[1]), allowReconnect: items[2] === true };
    case MessageType.ack:
    case MessageType.sequence:
      return { type, sequenceId: readSequenceId(items[1]) };
    default:
      if (!Number.isInteger(type)) throw new ProtocolError("Expected 'type' to be a whole number.");
      return undefined;
  }
}

function decode(bytes: Uint8Array): unknown {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ProtocolError("A message is not valid MessagePack.");
  }
}

/** Clients that have no streams to send may leave the sixth element out. */
function readCall(items: readonly unknown[]) {
  const target = readString(items[3], "target");
  if (target === "") throw new ProtocolError("Missing required property 'target'.");
  return {
    target,
    arguments: readArguments(items[4]),
    streamIds: readStreamIds(items[5]),
    headers: readHeaders(items[1]),
  };
}

const resultKind = { error: 1, void: 2, result: 3 } as const;

function readOutcome(items: readonly unknown[]): Outcome {
  switch (items[3]) {
    case resultKind.error:
      return { kind: "error", error: readOptionalError(items[4]) ?? "" };
    case resultKind.void:
      return { kind: "void" };
    case resultKind.result:
      if (items.length < 5) throw new ProtocolError("Missing required property 'result'.");
      return { kind: "result", result: items[4] };
    default:
      throw new ProtocolError("Unknown kind of result in a completion.");
  }
}

function readOptionalError(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : readString(value, "error");
}

/** Headers are always written, and a call always has six elements. */
function toArray(message: HubMessage): readonly unknown[] {
  switch (message.type) {
    case MessageType.invocation:
    case MessageType.streamInvocation: {
      const { type, headers, invocationId, target, streamIds } = message;
      return [type, headers ?? {}, invocationId ?? null, target, message.arguments, streamIds ?? []];
    }
    case MessageType.streamItem:
      return [message.type, message.headers ?? {}, message.invocationId, message.item];
    case MessageType.completion:
      return completionArray(message);
    case MessageType.cancelInvocation:
      return [message.type, message.headers ?? {}, message.invocationId];
    case MessageType.ping:
      return [message.type];
    case MessageType.close:
      return [message.type, message.error ?? null, message.allowReconnect === true];
    case MessageType.ack:
    case MessageType.sequence:
      return [message.type, message.sequenceId];
  }
}

function completionArray({ type, headers, invocationId, outcome }: CompletionMessage): readonly unknown[] {
  const start = [type, headers ?? {}, invocationId];
  switch (outcome.kind) {
    case "error":
      return [...start, resultKind.error, outcome.error];
    case "void":
      return [...start, resultKind.void];
    case "result":
      return [...start, resultKind.result, outcome.result];
  }
}
