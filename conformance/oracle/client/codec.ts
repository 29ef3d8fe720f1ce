import { decode, encode } from "@msgpack/msgpack";
import type { ProtocolName } from "../script.ts";
import type { Data } from "./wire.ts";

/** A hub message in the words of the JSON protocol, whichever protocol carries it. */
export type Message = Readonly<Record<string, unknown>>;

/** Frames messages, and finds them again in what comes. */
export interface Codec {
  readonly name: ProtocolName;
  encode(message: Message): Data;
  /** Takes a part of the byte stream. @returns the messages that it completed */
  decode(data: Data): Message[];
}

export const recordSeparator = "\x1e";

export function codecOf(protocol: ProtocolName): Codec {
  return protocol === "json" ? jsonCodec() : messagePackCodec();
}

/** @returns a message without what detailed errors add to a text: a server says that in its own words */
export function withoutDetail(message: Message): Message {
  const { error } = message;
  return typeof error === "string" ? { ...message, error: error.replace(generalText, "$1 …") } : message;
}

const generalText =
  /^(Connection closed with an error\.|An unexpected error occurred during connection handshake\.) .+/;

function textOf(data: Data): string {
  return typeof data === "string" ? data : new TextDecoder().decode(data);
}

export function jsonCodec(): Codec {
  let text = "";
  return {
    name: "json",
    encode: (message) => JSON.stringify(message) + recordSeparator,
    decode(data) {
      const records = (text + textOf(data)).split(recordSeparator);
      text = records.pop() ?? "";
      return records.map((record) => JSON.parse(record));
    },
  };
}

function messagePackCodec(): Codec {
  let bytes = new Uint8Array(0);
  return {
    name: "messagepack",
    encode: (message) => withLength(encode(toArray(message))),
    decode(data) {
      bytes = Buffer.concat([bytes, typeof data === "string" ? Buffer.from(data) : data]);
      const messages: Message[] = [];
      for (;;) {
        const prefix = lengthAt(bytes);
        if (prefix === undefined || bytes.length < prefix.start + prefix.length) return messages;
        messages.push(fromArray(decode(bytes.subarray(prefix.start, prefix.start + prefix.length))));
        bytes = bytes.slice(prefix.start + prefix.length);
      }
    },
  };
}

export function withLength(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix: number[] = [];
  for (let rest = content.length; prefix.length === 0 || rest > 0; rest >>>= 7)
    prefix.push((rest & 127) | (rest > 127 ? 128 : 0));
  return new Uint8Array([...prefix, ...content]);
}

function lengthAt(bytes: Uint8Array): { readonly start: number; readonly length: number } | undefined {
  let length = 0;
  for (const [index, byte] of bytes.subarray(0, 5).entries()) {
    length |= (byte & 127) << (7 * index);
    if (byte < 128) return { start: index + 1, length };
  }
  return undefined;
}

function toArray(message: Message): unknown[] {
  const { type, headers = {}, invocationId = null, target, streamIds = [], item, error, result, sequenceId } = message;
  switch (type) {
    case 1:
    case 4:
      return [type, headers, invocationId, target, message["arguments"], streamIds];
    case 2:
      return [type, headers, invocationId, item];
    case 3:
      if (error !== undefined) return [type, headers, invocationId, 1, error];
      return result === undefined ? [type, headers, invocationId, 2] : [type, headers, invocationId, 3, result];
    case 5:
      return [type, headers, invocationId];
    case 7:
      return [type, error ?? null];
    case 8:
    case 9:
      return [type, sequenceId];
    default:
      return [type];
  }
}

function fromArray(value: unknown): Message {
  if (!Array.isArray(value)) return { malformed: value };
  const [type, second, invocationId, ...rest]: readonly unknown[] = value;
  const headers = isEmpty(second) ? {} : { headers: second };
  switch (type) {
    case 1:
    case 4:
      return {
        type,
        ...headers,
        ...(invocationId === null ? {} : { invocationId }),
        target: rest[0],
        arguments: rest[1],
      };
    case 2:
      return { type, ...headers, invocationId, item: rest[0] };
    case 3:
      return { type, ...headers, invocationId, ...outcomeOf(rest) };
    case 7:
      return {
        type,
        ...(second === null ? {} : { error: second }),
        ...(invocationId === true ? { allowReconnect: true } : {}),
      };
    case 8:
    case 9:
      return { type, sequenceId: second };
    default:
      return { type };
  }
}

function outcomeOf([kind, value]: readonly unknown[]): Message {
  if (kind === 1) return { error: value };
  return kind === 3 ? { result: value } : {};
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
