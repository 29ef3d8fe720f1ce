import { decode } from "@msgpack/msgpack";
import { scanMessagePack } from "../protocol/messagepack-scan.ts";

/** An array, and an array or a map inside it. */
const deepest = 2;

/** @returns the values of a payload that is an array. @throws TypeError or ProtocolError when it is none */
export function arrayOf(payload: Uint8Array, least: number): readonly unknown[] {
  scanMessagePack(payload, deepest);
  const value = decode(payload);
  if (!Array.isArray(value) || value.length < least) throw new TypeError(`Not an array of ${least} or more.`);
  return value;
}

export function textOf(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("Not a text.");
  return value;
}

export function numberOf(value: unknown): number {
  if (typeof value !== "number") throw new TypeError("Not a number.");
  return value;
}

export function bytesOf(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError("Not bytes.");
  return value;
}

export function listOf<Item>(value: unknown, read: (item: unknown) => Item): Item[] {
  if (!Array.isArray(value)) throw new TypeError("Not a list.");
  return value.map(read);
}
