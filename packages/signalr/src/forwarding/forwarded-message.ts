import { Encoder } from "@msgpack/msgpack";
import { arrayOf, bytesOf, listOf, numberOf, textOf } from "../backplanes/payload.ts";

/** Who of the two nodes a body goes to: the one that has the connection, or the one that has the client's request. */
export type Side = "owner" | "client";

/** What nodes tell each other about requests; ids are those of the node that was asked by the client. */
export type ForwardedMessage =
  | {
      readonly kind: "request";
      readonly id: number;
      readonly part: string;
      readonly method: string;
      readonly url: string;
      readonly headers: Headers;
      readonly remoteAddress: string | undefined;
      /** Whether pieces follow. */
      readonly hasBody: boolean;
    }
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly status: number;
      readonly headers: Headers;
      /** Null where there is no body at all. */
      readonly bytes: Uint8Array | null;
      /** Whether that is everything; otherwise pieces follow. */
      readonly isWhole: boolean;
    }
  /** @property number counts the pieces of a body from 0 on: one that is missing shows */
  | {
      readonly kind: "piece";
      readonly to: Side;
      readonly id: number;
      readonly number: number;
      readonly bytes: Uint8Array;
      readonly isLast: boolean;
    }
  /** So many bytes of a body are out of the way, since its beginning. */
  | { readonly kind: "taken"; readonly to: Side; readonly id: number; readonly bytes: number }
  /** To the owner: the client is gone. To the client's node: the client is to be cut off. */
  | { readonly kind: "broken"; readonly to: Side; readonly id: number }
  /** What a poll was answered did not reach its client. */
  | { readonly kind: "undelivered"; readonly token: string }
  /** All that is asked of the other node; it answers what of that it does not know. */
  | { readonly kind: "probe"; readonly ids: readonly number[] }
  | { readonly kind: "unknown"; readonly ids: readonly number[] };

const encoder = new Encoder();

/** What each kind is written as. A node ignores kinds it does not know. */
const code = { request: 0, answer: 1, piece: 2, taken: 3, broken: 4, undelivered: 5, probe: 6, unknown: 7 } as const;
const sides = ["owner", "client"] as const;

/** @param from the node that tells it */
export function encodeForwarded(from: string, message: ForwardedMessage): Uint8Array<ArrayBuffer> {
  return encoder.encode([from, code[message.kind], ...fieldsOf(message)]);
}

/** @returns a message and who tells it; null for a kind that is not known here. @throws TypeError or ProtocolError */
export function decodeForwarded(payload: Uint8Array): readonly [from: string, message: ForwardedMessage | null] {
  const [from, kind, ...fields] = arrayOf(payload, 2);
  return [textOf(from), messageOf(numberOf(kind), fields)];
}

function fieldsOf(message: ForwardedMessage): readonly unknown[] {
  switch (message.kind) {
    case "request": {
      const { id, part, method, url, headers, remoteAddress, hasBody } = message;
      return [id, part, method, url, textOfHeaders(headers), remoteAddress ?? null, hasBody];
    }
    case "answer":
      return [message.id, message.status, textOfHeaders(message.headers), message.bytes, message.isWhole];
    case "piece":
      return [message.id, sides.indexOf(message.to), message.number, message.bytes, message.isLast];
    case "taken":
      return [message.id, sides.indexOf(message.to), message.bytes];
    case "broken":
      return [message.id, sides.indexOf(message.to)];
    case "undelivered":
      return [message.token];
    case "probe":
    case "unknown":
      return [message.ids];
  }
}

function messageOf(kind: number, fields: readonly unknown[]): ForwardedMessage | null {
  const [first, second, third, fourth, fifth, sixth, seventh] = fields;
  switch (kind) {
    case code.request:
      return {
        kind: "request",
        id: numberOf(first),
        part: textOf(second),
        method: textOf(third),
        url: textOf(fourth),
        headers: headersOf(fifth),
        remoteAddress: sixth === null ? undefined : textOf(sixth),
        hasBody: seventh === true,
      };
    case code.answer:
      return {
        kind: "answer",
        id: numberOf(first),
        status: numberOf(second),
        headers: headersOf(third),
        bytes: fourth === null ? null : bytesOf(fourth),
        isWhole: fifth === true,
      };
    case code.piece: {
      const [number, bytes] = [numberOf(third), bytesOf(fourth)];
      return { kind: "piece", id: numberOf(first), to: sideOf(second), number, bytes, isLast: fifth === true };
    }
    case code.taken:
      return { kind: "taken", id: numberOf(first), to: sideOf(second), bytes: numberOf(third) };
    case code.broken:
      return { kind: "broken", id: numberOf(first), to: sideOf(second) };
    case code.undelivered:
      return { kind: "undelivered", token: textOf(first) };
    case code.probe:
      return { kind: "probe", ids: listOf(first, numberOf) };
    case code.unknown:
      return { kind: "unknown", ids: listOf(first, numberOf) };
    default:
      return null;
  }
}

function sideOf(value: unknown): Side {
  const side = sides[numberOf(value)];
  if (side === undefined) throw new TypeError("Not a side.");
  return side;
}

/** One text costs a fraction of what one for each name and value would. */
function textOfHeaders(headers: Headers): string {
  return JSON.stringify([...headers].flat());
}

/** @param value names and values in turns */
function headersOf(value: unknown): Headers {
  const texts = listOf(JSON.parse(textOf(value)), textOf);
  const headers = new Headers();
  for (let at = 0; at + 1 < texts.length; at += 2) headers.append(texts[at] ?? "", texts[at + 1] ?? "");
  return headers;
}
