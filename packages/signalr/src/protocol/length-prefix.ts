import { messageTooLarge, ProtocolError } from "./protocol-error.ts";

/** Five bytes of seven bits hold every length up to 2^31 - 1, the most the protocol allows. */
const longestPrefix = 5;

/** Where a message lies behind its length. */
export interface Prefix {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the length in front of a binary message: seven bits a byte, the lowest first, the highest bit set while more follow.
 * @returns undefined when the prefix is not whole
 * @throws ProtocolError when it is malformed or the length is above `limit`
 */
export function readPrefix(bytes: Uint8Array, limit: number): Prefix | undefined {
  let length = 0;
  for (let index = 0; index < longestPrefix; index++) {
    const byte = bytes[index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (length > limit) throw messageTooLarge(limit);
    if (byte < 0x80) return { start: index + 1, end: index + 1 + length };
  }
  throw new ProtocolError("A length prefix is longer than five bytes.");
}

/** @returns the message with its length in front */
export function withPrefix(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix: number[] = [];
  let rest = message.length;
  do {
    prefix.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    rest >>>= 7;
  } while (rest > 0);
  const framed = new Uint8Array(prefix.length + message.length);
  framed.set(prefix);
  framed.set(message, prefix.length);
  return framed;
}
