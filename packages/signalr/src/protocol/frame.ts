import { Buffer } from "node:buffer";

/** What a transport carries in one piece: text for JSON, bytes for MessagePack. */
export type Frame = string | Uint8Array<ArrayBuffer>;

/** What a transport receives: any part of the client's byte stream, a text frame or bytes. */
export type Chunk = string | Uint8Array;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @returns the UTF-8 bytes of a chunk; bytes are returned as they are, not copied. */
export function bytesOf(chunk: Chunk): Uint8Array {
  return typeof chunk === "string" ? encoder.encode(chunk) : chunk;
}

/** @returns the size of a frame in bytes on the wire. */
export function frameSize(frame: Frame): number {
  return typeof frame === "string" ? utf8Length(frame) : frame.byteLength;
}

/** @returns how many bytes `text` takes in UTF-8; a lone surrogate counts as its replacement, three. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

/** @throws TypeError when the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
