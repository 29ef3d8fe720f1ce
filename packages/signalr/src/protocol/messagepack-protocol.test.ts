import { expect, test } from "bun:test";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { withPrefix } from "./length-prefix.ts";
import { messagePackProtocol } from "./messagepack-protocol.ts";
import { type HubMessage, MessageType } from "./messages.ts";
import { ProtocolError } from "./protocol-error.ts";

const limits = { maximumMessageSize: 8192, maximumDepth: 16 };

function readAll(chunks: readonly Uint8Array[], readLimits = limits): HubMessage[] {
  const reader = messagePackProtocol.createReader(readLimits);
  return chunks.flatMap((chunk) => [...reader.read(chunk)]);
}

const call = {
  target: "Sénd 👋",
  arguments: ["é", 1.5, null, { a: [true] }, Uint8Array.of(1, 2), new Date(0)],
  streamIds: ["s"],
  headers: { trace: "1" },
};
const none = { headers: undefined };

const everyKind: readonly HubMessage[] = [
  { type: MessageType.invocation, ...call, invocationId: "1" },
  { type: MessageType.streamInvocation, ...call, invocationId: "2" },
  {
    type: MessageType.invocation,
    target: "Long",
    arguments: ["x".repeat(300)],
    invocationId: undefined,
    streamIds: undefined,
    ...none,
  },
  { type: MessageType.streamItem, invocationId: "2", item: { deep: [1] }, headers: { a: "b" } },
  { type: MessageType.completion, invocationId: "2", outcome: { kind: "void" }, ...none },
  { type: MessageType.completion, invocationId: "3", outcome: { kind: "result", result: null }, ...none },
  { type: MessageType.completion, invocationId: "4", outcome: { kind: "error", error: "no" }, ...none },
  { type: MessageType.cancelInvocation, invocationId: "2", ...none },
  { type: MessageType.ping },
  { type: MessageType.close, error: "bye", allowReconnect: true },
  { type: MessageType.ack, sequenceId: 7 },
  { type: MessageType.sequence, sequenceId: 8 },
];

const bytes = Buffer.concat(everyKind.map((message) => Buffer.from(messagePackProtocol.encode(message))));
const framed = (value: unknown) => withPrefix(encode(value));

test("[P5] every kind of message comes back as it was", () => {
  expect(readAll([bytes])).toEqual([...everyKind]);
});

test("[P5] the official client reads what is written here", () => {
  // Clients are never sent these two, and do not know them.
  const toServer: readonly number[] = [MessageType.streamInvocation, MessageType.cancelInvocation];
  const toClient = everyKind.filter(({ type }) => !toServer.includes(type));
  const copy = new Uint8Array(
    Buffer.concat(toClient.map((message) => Buffer.from(messagePackProtocol.encode(message)))),
  ).buffer;
  const parsed = new MessagePackHubProtocol().parseMessages(copy, { log: () => undefined });
  expect(parsed.map(({ type }) => Number(type))).toEqual(toClient.map(({ type }) => type));
  expect(parsed[0]).toMatchObject({ target: "Sénd 👋", invocationId: "1", headers: { trace: "1" } });
});

test("[P1] the stream may be split at every byte", () => {
  for (let at = 0; at <= bytes.length; at++) {
    expect(readAll([bytes.subarray(0, at), bytes.subarray(at)])).toEqual([...everyKind]);
  }
  expect(readAll([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual([...everyKind]);
});

test("[P2] unknown types, more elements than known, and calls of five elements", () => {
  const stream = [
    [99, "new"],
    [1, {}, null, "T", [1]],
    [6, "more"],
  ].map(framed);
  expect(readAll(stream)).toMatchObject([{ type: 1, target: "T", streamIds: undefined }, { type: 6 }]);
});

test("[P3] a length above the limit is refused before the message has come", () => {
  expect(() => readAll([Uint8Array.of(0x81, 0x80, 0x01)])).toThrow(ProtocolError);
  expect(() => readAll([new Uint8Array(6).fill(0x80)])).toThrow(ProtocolError);
});

test("[P4] what is not a message is refused", () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  const refused = [
    1,
    {},
    [],
    ["1"],
    [1, {}, null, "", []],
    [1, {}, null, "T", {}],
    [1, 1, null, "T", []],
    [3, {}, "1", 4],
    [3, {}, "1", 3],
    [1.5],
  ];
  for (const value of refused) expect(() => readAll([framed(value)])).toThrow(ProtocolError);
  // A text cut in the middle of a character, which the official client sends so, is no reason to part.
  expect(readAll([framed([1, {}, null, "T", ["\ud83d"]])])).toHaveLength(1);
  expect(readAll([framed([3, {}, "1", 1, null])])).toMatchObject([{ outcome: { kind: "error", error: "" } }]);
  expect(readAll([framed([6, nested(15)])])).toHaveLength(1);
  expect(() => readAll([framed([6, nested(16)])])).toThrow(ProtocolError);
  expect(() => readAll([withPrefix(Uint8Array.of(0x91, 6, 6))])).toThrow(ProtocolError);
  expect(() => readAll([withPrefix(Uint8Array.of(0x91, 0xc1))])).toThrow(ProtocolError);
});

test("[P4] a bomb of nested headers that promise billions of elements costs nothing", () => {
  const bomb = new Uint8Array(6000);
  for (let at = 0; at + 5 <= bomb.length; at += 5) bomb.set([0xdd, 0x7f, 0xff, 0xff, 0xff], at);
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 100; round++) expect(() => readAll([withPrefix(bomb)])).toThrow(ProtocolError);
  expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
});

/** Without negative zero, which JSON does not have, and the one key that the decoder refuses. */
const comparable = fc
  .jsonValue({ maxDepth: 5 })
  .map((value) => JSON.parse(JSON.stringify(value)))
  .filter((value) => !JSON.stringify(value).includes("__proto__"));

test("[P4] random bytes raise nothing but protocol errors, and random values come back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (random) => {
      try {
        readAll([withPrefix(random)], { ...limits, maximumDepth: 4 });
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.array(comparable), (values) => {
      const message = { type: MessageType.invocation, target: "T", arguments: values } as const;
      expect(readAll([Buffer.from(messagePackProtocol.encode(message))])).toMatchObject([{ arguments: values }]);
    }),
  );
});
