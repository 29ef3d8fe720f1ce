import { isRecord, parseJson } from "./json-value.ts";
import { ProtocolError } from "./protocol-error.ts";
import { recordSeparator } from "./record-reader.ts";

/** What a client asks for in its first message, JSON whatever protocol follows. */
export interface HandshakeRequest {
  readonly protocol: string;
  readonly version: number;
}

/** Largest handshake in bytes: there is no reason for one to be longer than a line. */
export const maximumHandshakeSize = 4096;

/** @throws ProtocolError when the record is no handshake request */
export function parseHandshake(record: string): HandshakeRequest {
  const value = parseJson(record);
  if (!isRecord(value)) throw new ProtocolError("The handshake is not a JSON object.");
  const { protocol, version } = value;
  if (typeof protocol !== "string") throw new ProtocolError("Missing required property 'protocol'.");
  if (typeof version !== "number" || !Number.isInteger(version)) {
    throw new ProtocolError("Missing required property 'version'.");
  }
  return { protocol, version };
}

/** @returns the answer to a handshake, `{}` when all is well; sent as text or bytes like the messages that follow. */
export function encodeHandshakeResponse(error?: string): string {
  return `${JSON.stringify(error === undefined ? {} : { error })}${recordSeparator}`;
}
