import { isRecord } from "./json-value.ts";
import type { MessageHeaders } from "./messages.ts";
import { ProtocolError } from "./protocol-error.ts";

/** Reads the fields that both protocols share. Each throws ProtocolError, naming the field, when the value is of another type. */

export function readString(value: unknown, field: string): string {
  if (typeof value !== "string") throw new ProtocolError(`Expected '${field}' to be a string.`);
  return value;
}

/** Ids that answers refer to: a missing or an empty one means "no answer wanted". */
export function readOptionalId(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return readString(value, "invocationId");
}

export function readId(value: unknown): string {
  const id = readOptionalId(value);
  if (id === undefined) throw new ProtocolError("Missing required property 'invocationId'.");
  return id;
}

export function readArguments(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new ProtocolError("Expected 'arguments' to be an array.");
  return value;
}

export function readStreamIds(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new ProtocolError("Expected 'streamIds' to be an array.");
  return value.length === 0 ? undefined : value.map((id) => readString(id, "streamIds"));
}

export function readHeaders(value: unknown): MessageHeaders | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw new ProtocolError("Expected 'headers' to be an object.");
  if (!isOfStrings(value)) throw new ProtocolError("Expected 'headers' to be a string.");
  return isEmpty(value) ? undefined : value;
}

/** As it was parsed: an object of thousands of names takes a millisecond to make a second time. */
function isOfStrings(value: Readonly<Record<string, unknown>>): value is MessageHeaders {
  return Object.values(value).every((text) => typeof text === "string");
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}

export function readSequenceId(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new ProtocolError("Expected 'sequenceId' to be a whole number.");
  }
  return value;
}
