import { Encoder } from "@msgpack/msgpack";
import type { CloseOptions } from "../hub/hub-types.ts";
import { isRecord } from "../protocol/json-value.ts";
import { arrayOf, bytesOf, listOf, numberOf, textOf } from "./payload.ts";

/** What is published for connections: a message in every protocol, and for a result who waits for it. */
export interface BackplaneInvocation {
  readonly excludedIds: readonly string[];
  /** Protocol name → the message with its framing, ready for a client. */
  readonly messages: ReadonlyMap<string, Uint8Array>;
  readonly result?: ResultRequest | undefined;
}

/** Where a client's result is to be published. */
export interface ResultRequest {
  readonly invocationId: string;
  readonly returnChannel: string;
}

export const GroupAction = { add: 1, remove: 2 } as const;
export type GroupAction = (typeof GroupAction)[keyof typeof GroupAction];

/** Asks the node that has a connection to change its groups. */
export interface GroupCommand {
  /** Counts the commands of one server. */
  readonly id: number;
  readonly server: string;
  readonly action: GroupAction;
  readonly group: string;
  readonly connectionId: string;
}

/** Asks every node to end the connections of a user. ASP.NET Core has no such command. */
export interface Departure extends CloseOptions {
  readonly userId: string;
}

/** A client's answer, in the protocol it speaks. */
export interface ForeignCompletion {
  readonly protocol: string;
  readonly message: Uint8Array;
}

const encoder = new Encoder();

export function encodeInvocation({ excludedIds, messages, result }: BackplaneInvocation): Uint8Array<ArrayBuffer> {
  const start = [excludedIds, Object.fromEntries(messages)];
  return encoder.encode(result === undefined ? start : [...start, result.invocationId, result.returnChannel]);
}

/** @throws TypeError or ProtocolError when the payload is nothing the reference would publish; so do the others */
export function decodeInvocation(payload: Uint8Array): BackplaneInvocation {
  const [excludedIds, messages, invocationId, returnChannel] = arrayOf(payload, 2);
  if (!isRecord(messages)) throw new TypeError("Not an invocation.");
  const frames = Object.entries(messages).map(([name, bytes]) => [name, bytesOf(bytes)] as const);
  return {
    excludedIds: listOf(excludedIds, textOf),
    messages: new Map(frames),
    ...(returnChannel === undefined
      ? {}
      : { result: { invocationId: textOf(invocationId), returnChannel: textOf(returnChannel) } }),
  };
}

export function encodeGroupCommand({ id, server, action, group, connectionId }: GroupCommand): Uint8Array<ArrayBuffer> {
  return encoder.encode([id, server, action, group, connectionId]);
}

export function decodeGroupCommand(payload: Uint8Array): GroupCommand {
  const [id, server, action, group, connectionId] = arrayOf(payload, 5);
  if (action !== GroupAction.add && action !== GroupAction.remove) throw new TypeError("Not a group command.");
  return { id: numberOf(id), server: textOf(server), action, group: textOf(group), connectionId: textOf(connectionId) };
}

export function encodeDeparture({ userId, error, allowReconnect }: Departure): Uint8Array<ArrayBuffer> {
  return encoder.encode([userId, error ?? null, allowReconnect === true]);
}

export function decodeDeparture(payload: Uint8Array): Departure {
  const [userId, error, allowReconnect] = arrayOf(payload, 3);
  return {
    userId: textOf(userId),
    error: error === null ? undefined : textOf(error),
    allowReconnect: allowReconnect === true,
  };
}

export function encodeAcknowledgement(id: number): Uint8Array<ArrayBuffer> {
  return encoder.encode([id]);
}

export function decodeAcknowledgement(payload: Uint8Array): number {
  const [id] = arrayOf(payload, 1);
  return numberOf(id);
}

export function encodeCompletion({ protocol, message }: ForeignCompletion): Uint8Array<ArrayBuffer> {
  return encoder.encode([protocol, message]);
}

export function decodeCompletion(payload: Uint8Array): ForeignCompletion {
  const [protocol, message] = arrayOf(payload, 2);
  return { protocol: textOf(protocol), message: bytesOf(message) };
}
