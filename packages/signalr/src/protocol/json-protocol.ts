import type { Chunk } from "./frame.ts";
import type { HubProtocol, MessageReader, ReadLimits } from "./hub-protocol.ts";
import { toJson } from "./json-encoding.ts";
import { isRecord, isTextWithinDepth, isWithinDepth, parseJson } from "./json-value.ts";
import {
  readArguments,
  readHeaders,
  readId,
  readOptionalId,
  readSequenceId,
  readStreamIds,
  readString,
} from "./message-fields.ts";
import {
  type CompletionMessage,
  type HubMessage,
  type InvocationMessage,
  MessageType,
  type Outcome,
  type StreamInvocationMessage,
} from "./messages.ts";
import { ProtocolError } from "./protocol-error.ts";
import { RecordReader, recordSeparator } from "./record-reader.ts";

/** Hub messages as JSON texts, each ended by 0x1E. */
export const jsonProtocol: HubProtocol = {
  name: "json",
  transferFormat: "Text",
  version: 2,
  encode: (message) => `${encodeJson(message)}${recordSeparator}`,
  createReader: (limits) => new JsonReader(limits),
};

/** Cuts records itself: a second object for each connection would cost its memory. */
class JsonReader extends RecordReader implements MessageReader {
  readonly #limits: ReadLimits;

  constructor(limits: ReadLimits) {
    super(limits.maximumMessageSize);
    this.#limits = limits;
  }

  *read(chunk: Chunk): Iterable<HubMessage> {
    this.append(chunk);
    for (let record = this.next(); record !== undefined; record = this.next()) {
      const message = parseMessage(record, this.#limits.maximumDepth);
      if (message !== undefined) yield message;
    }
  }
}

/** Characters up to which a message is parsed first: however deep it is, that costs little. */
const smallRecord = 4096;

function tooDeep(maximumDepth: number): ProtocolError {
  return new ProtocolError(`A message is nested deeper than ${maximumDepth} levels.`);
}

/** @returns the message, or undefined when its type is unknown */
function parseMessage(record: string, maximumDepth: number): HubMessage | undefined {
  const isSmall = record.length <= smallRecord;
  if (!isSmall && !isTextWithinDepth(record, maximumDepth)) throw tooDeep(maximumDepth);
  const value = parseJson(record);
  if (!isRecord(value)) throw new ProtocolError("A message is not a JSON object.");
  if (isSmall && !isWithinDepth(value, maximumDepth)) throw tooDeep(maximumDepth);
  const { type, invocationId, headers } = value;
  if (type === undefined) throw new ProtocolError("Missing required property 'type'.");
  if (typeof type !== "number" || !Number.isInteger(type))
    throw new ProtocolError("Expected 'type' to be a whole number.");
  switch (type) {
    case MessageType.invocation:
      return { type, ...readCall(value), invocationId: readOptionalId(invocationId) };
    case MessageType.streamInvocation:
      return { type, ...readCall(value), invocationId: readId(invocationId) };
    case MessageType.streamItem:
      return { type, invocationId: readId(invocationId), item: readItem(value), headers: readHeaders(headers) };
    case MessageType.completion:
      return { type, invocationId: readId(invocationId), outcome: readOutcome(value), headers: readHeaders(headers) };
    case MessageType.cancelInvocation:
      return { type, invocationId: readId(invocationId), headers: readHeaders(headers) };
    case MessageType.ping:
      return { type };
    case MessageType.close:
      return readClose(value);
    case MessageType.ack:
    case MessageType.sequence:
      return { type, sequenceId: readSequenceId(value["sequenceId"]) };
    default:
      return undefined;
  }
}

function readCall(value: Readonly<Record<string, unknown>>) {
  const target = readString(value["target"], "target");
  if (target === "") throw new ProtocolError("Missing required property 'target'.");
  return {
    target,
    arguments: readArguments(value["arguments"]),
    streamIds: readStreamIds(value["streamIds"]),
    headers: readHeaders(value["headers"]),
  };
}

function readItem({ item }: Readonly<Record<string, unknown>>): unknown {
  if (item === undefined) throw new ProtocolError("Missing required property 'item'.");
  return item;
}

function readOutcome(value: Readonly<Record<string, unknown>>): Outcome {
  const { error, result } = value;
  if (error === undefined || error === null) {
    return result === undefined ? { kind: "void" } : { kind: "result", result };
  }
  if (result !== undefined) throw new ProtocolError("The 'error' and 'result' properties are mutually exclusive.");
  return { kind: "error", error: readString(error, "error") };
}

function readClose(value: Readonly<Record<string, unknown>>): HubMessage {
  const { error, allowReconnect } = value;
  return {
    type: MessageType.close,
    error: error === undefined || error === null ? undefined : readString(error, "error"),
    allowReconnect: allowReconnect === true,
  };
}

/** Written by hand in the order the reference server uses: faster than building an object only to stringify it. */
function encodeJson(message: HubMessage): string {
  switch (message.type) {
    case MessageType.invocation:
    case MessageType.streamInvocation:
      return encodeCall(message);
    case MessageType.streamItem:
      return `{"type":2${encodeHeaders(message.headers)},"invocationId":${JSON.stringify(message.invocationId)},"item":${toJson(message.item)}}`;
    case MessageType.completion:
      return encodeCompletion(message);
    case MessageType.cancelInvocation:
      return `{"type":5${encodeHeaders(message.headers)},"invocationId":${JSON.stringify(message.invocationId)}}`;
    case MessageType.ping:
      return '{"type":6}';
    case MessageType.close:
      return JSON.stringify({ type: 7, error: message.error, allowReconnect: message.allowReconnect || undefined });
    case MessageType.ack:
    case MessageType.sequence:
      return `{"type":${message.type},"sequenceId":${message.sequenceId}}`;
  }
}

function encodeCall(message: InvocationMessage | StreamInvocationMessage): string {
  const id = message.invocationId === undefined ? "" : `,"invocationId":${JSON.stringify(message.invocationId)}`;
  const streams = message.streamIds === undefined ? "" : `,"streamIds":${JSON.stringify(message.streamIds)}`;
  const target = JSON.stringify(message.target);
  return `{"type":${message.type}${encodeHeaders(message.headers)}${id},"target":${target},"arguments":${toJson(message.arguments)}${streams}}`;
}

function encodeCompletion({ invocationId, outcome, headers }: CompletionMessage): string {
  const start = `{"type":3${encodeHeaders(headers)},"invocationId":${JSON.stringify(invocationId)}`;
  switch (outcome.kind) {
    case "error":
      return `${start},"error":${JSON.stringify(outcome.error)}}`;
    case "void":
      return `${start}}`;
    case "result":
      return `${start},"result":${toJson(outcome.result)}}`;
  }
}

function encodeHeaders(headers: InvocationMessage["headers"]): string {
  return headers === undefined ? "" : `,"headers":${JSON.stringify(headers)}`;
}
