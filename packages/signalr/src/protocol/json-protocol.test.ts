import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Chunk } from "./frame.ts";
import { jsonProtocol } from "./json-protocol.ts";
import { type HubMessage, MessageType } from "./messages.ts";
import { ProtocolError } from "./protocol-error.ts";

const limits = { maximumMessageSize: 4096, maximumDepth: 16 };
const encoder = new TextEncoder();

function readAll(chunks: readonly Chunk[], readLimits = limits): HubMessage[] {
  const reader = jsonProtocol.createReader(readLimits);
  return chunks.flatMap((chunk) => [...reader.read(chunk)]);
}

const call = {
  target: "Sénd 👋",
  arguments: ["é\u2028", 1.5, null, { a: [true] }],
  streamIds: ["s"],
  headers: { trace: "1" },
};

const everyKind: readonly HubMessage[] = [
  { type: MessageType.invocation, ...call, invocationId: "1" },
  { type: MessageType.streamInvocation, ...call, invocationId: "2" },
  { type: MessageType.streamItem, invocationId: "2", item: { deep: [1] }, headers: { a: "b" } },
  { type: MessageType.completion, invocationId: "2", outcome: { kind: "void" }, headers: undefined },
  { type: MessageType.completion, invocationId: "3", outcome: { kind: "result", result: null }, headers: undefined },
  { type: MessageType.completion, invocationId: "4", outcome: { kind: "error", error: "no" }, headers: undefined },
  { type: MessageType.cancelInvocation, invocationId: "2", headers: undefined },
  { type: MessageType.ping },
  { type: MessageType.close, error: "bye", allowReconnect: true },
  { type: MessageType.ack, sequenceId: 7 },
  { type: MessageType.sequence, sequenceId: 8 },
];

const stream = everyKind.map((message) => String(jsonProtocol.encode(message))).join("");

test("[P5] every kind of message comes back as it was", () => {
  expect(readAll([stream])).toEqual([...everyKind]);
});

test("[P1] the stream may be split at every byte, as bytes or as text", () => {
  const bytes = encoder.encode(stream);
  for (let at = 0; at <= bytes.length; at++) {
    expect(readAll([bytes.slice(0, at), bytes.slice(at)])).toEqual([...everyKind]);
  }
  for (let at = 0; at <= stream.length; at++) {
    if (/[\ud800-\udbff]$/.test(stream.slice(0, at))) continue;
    expect(readAll([stream.slice(0, at), encoder.encode(stream.slice(at))])).toEqual([...everyKind]);
  }
  expect(readAll([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual([...everyKind]);
});

test("[P1] any cut into any number of frames gives the same messages", () => {
  const bytes = encoder.encode(stream);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const points = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const chunks = points.slice(1).map((end, index) => bytes.slice(points[index], end));
      expect(readAll(chunks)).toEqual([...everyKind]);
    }),
  );
});

test("[P2] properties in any order, unknown properties and unknown types", () => {
  const reordered = '{"arguments":[1],"new":{"x":1},"target":"T","invocationId":"1","type":1}\x1e';
  expect(readAll([`{"type":99,"x":1}\x1e${reordered}`])).toMatchObject([
    { type: 1, target: "T", arguments: [1], invocationId: "1" },
  ]);
});

test("[P7] bytes are base64 wherever they are, and what JSON has no word for is null", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const values = [bytes, { list: [Buffer.from(bytes)], when: new Date(0) }, undefined, () => 1, {}, new Uint8Array(0)];
  const message = { type: MessageType.invocation, target: "T", arguments: values } as const;
  const [read] = readAll([jsonProtocol.encode(message)]);
  const when = "1970-01-01T00:00:00.000Z";
  expect(read).toMatchObject({ arguments: ["AQID", { list: ["AQID"], when }, null, null, {}, ""] });
});

test("[D2] an empty invocation id is none", () => {
  expect(readAll(['{"type":1,"target":"T","arguments":[],"invocationId":""}\x1e'])[0]).toMatchObject({
    invocationId: undefined,
  });
});

test("[P3] the size limit counts bytes, of whole and of unfinished messages", () => {
  const small = { ...limits, maximumMessageSize: 20 };
  const ofSize = (size: number) => `{"type":6,"a":"${"x".repeat(size - 17)}"}`;
  expect(readAll([`${ofSize(20)}\x1e`], small)).toHaveLength(1);
  for (const chunks of [[`${ofSize(21)}\x1e`], [ofSize(21)], [encoder.encode(ofSize(21))], ["{", ofSize(20)]]) {
    expect(() => readAll(chunks, small)).toThrow(ProtocolError);
  }
  expect(() => readAll([`${ofSize(20).replace("x", "é")}\x1e`], small)).toThrow(ProtocolError);
});

test("[P4] what is not a message is refused", () => {
  const deep = `{"type":6,"a":${"[".repeat(16)}${"]".repeat(16)}}`;
  const refused = [
    "",
    "[]",
    "1",
    "null",
    "{",
    "{}",
    '{"type":"1"}',
    '{"type":1}',
    '{"type":1,"target":"","arguments":[]}',
    '{"type":1,"target":"T","arguments":{}}',
    '{"type":1,"target":"T","arguments":[],"headers":{"a":1}}',
    '{"type":1,"target":"T","arguments":[],"streamIds":[1]}',
    '{"type":2,"item":1}',
    '{"type":3,"invocationId":"1","error":"x","result":1}',
    '{"type":8,"sequenceId":-1}',
    deep,
  ];
  for (const text of refused) expect(() => readAll([`${text}\x1e`])).toThrow(ProtocolError);
  expect(() => readAll([Uint8Array.of(0x22, 0xff, 0x22, 0x1e)])).toThrow(ProtocolError);
  expect(readAll([`${deep.replace("[", "").replace("]", "")}\x1e`])).toHaveLength(1);
});

test("[P4] random bytes raise nothing but protocol errors", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (chunks) => {
      try {
        readAll(chunks);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
  );
});
