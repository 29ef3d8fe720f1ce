import { encode } from "@msgpack/msgpack";
import { type Message, withLength } from "../client/codec.ts";
import { RawClient } from "../client/raw-client.ts";
import { type Deviation, inTurn, type Script } from "../script.ts";

const call = (...args: readonly unknown[]) => [1, {}, "1", "EchoAny", args, []];

/** Messages as arrays by hand: what they are made of, and in what number. */
const arrays: Readonly<Record<string, readonly unknown[]>> = {
  "five elements": [1, {}, "1", "EchoAny", ["x"]],
  "four elements": [1, {}, "1", "EchoAny"],
  "seven elements": [...call("x"), "more"],
  "no headers": [1, null, "1", "EchoAny", ["x"], []],
  "headers that are an array": [1, [], "1", "EchoAny", ["x"], []],
  "a header that is a number": [1, { a: 1 }, "1", "EchoAny", ["x"], []],
  "a header that is null": [1, { a: null }, "1", "EchoAny", ["x"], []],
  "an id that is a number": [1, {}, 1, "EchoAny", ["x"], []],
  "no id": [1, {}, null, "EchoAny", ["x"], []],
  "a target that is null": [1, {}, "1", null, ["x"], []],
  "a target that is a number": [1, {}, "1", 1, ["x"], []],
  "an empty target": [1, {}, "1", "", ["x"], []],
  "arguments that are null": [1, {}, "1", "EchoAny", null, []],
  "arguments that are a map": [1, {}, "1", "EchoAny", {}, []],
  "no streams": [1, {}, "1", "EchoAny", ["x"], null],
  "streams that are a text": [1, {}, "1", "EchoAny", ["x"], "s"],
  "a stream that is a number": [1, {}, "1", "EchoAny", ["x"], [1]],
  "a streaming invocation without an id": [4, {}, null, "Count", [1], []],
  "an item of nothing": [2, {}, "77", 1],
  "an item without a value": [2, {}, "77"],
  "an item without an id": [2, {}, null, 1],
  "a completion of nothing": [3, {}, "77", 3, 1],
  "a completion without a kind": [3, {}, "77"],
  "a completion of an unknown kind": [3, {}, "77", 9, 1],
  "a result without a value": [3, {}, "77", 3],
  "an error that is null": [3, {}, "77", 1, null],
  "a completion without an id": [3, {}, null, 2],
  "a cancellation of nothing": [5, {}, "77"],
  "a cancellation without an id": [5, {}, null],
  "a ping with more": [6, 1, 2],
  "a goodbye": [7, null],
  "a goodbye of three elements": [7, null, true],
  "a goodbye of one element": [7],
  "a goodbye with an error": [7, "of the client"],
  "a goodbye with a number": [7, 1],
  "an acknowledgement": [8, 1],
  "an acknowledgement that is a text": [8, "1"],
  "a sequence": [9, 1],
  "an unknown type": [77, "x"],
  "a type that is a text": ["1", {}, "1", "EchoAny", ["x"], []],
  "a type that is null": [null],
  "a type with a fraction": [1.5, {}, "1", "EchoAny", ["x"], []],
  "no type": [],
  bytes: call(new Uint8Array([1, 2, 3])),
  "whole numbers of every size": call([0, -1, 127, 128, -128, 255, 65_535, 65_536, 2 ** 32, -(2 ** 31), 2 ** 53 - 1]),
  fractions: call([0.5, -1.25, 1e300]),
  "a nested map": call({ a: { b: [1, { c: null }] } }),
  "a time": call(new Date("2026-01-02T03:04:05.678Z")),
  "a long text": call("é".repeat(300)),
  "a text for a number": [1, {}, "1", "Add", ["2", 3], []],
  "a number for a text": [1, {}, "1", "Echo", [1], []],
  "too many arguments": [1, {}, "1", "Echo", ["x", "y"], []],
  "too few arguments": [1, {}, "1", "Echo", [], []],
  "too many arguments, then another call": [1, {}, "1", "Echo", [{ a: [1] }, "y"], []],
};

/** Bytes that are no message. */
const bytes: Readonly<Record<string, readonly number[]>> = {
  "a message of no bytes": [0],
  "a map": [1, 0x80],
  "a number": [1, 1],
  "a text": [2, 0xa1, 0x78],
  "an array cut off": [2, 0x92, 6],
  "a byte that MessagePack never uses": [2, 0x91, 0xc1],
  "more behind the array": [3, 0x91, 6, 6],
  "a length of six bytes": [0x80, 0x80, 0x80, 0x80, 0x80, 1],
  "a length above 2 GiB": [0xff, 0xff, 0xff, 0xff, 0x0f],
  "a length above what is allowed": [0x81, 0x80, 0x04],
  "a length written too long": [0x82, 0, 0x91, 6],
  "a text that is not UTF-8": [12, 0x96, 1, 0x80, 0xa1, 0x31, 0xa2, 0xff, 0xfe, 0x91, 0xa1, 0x78, 0x90],
  "an array of too many elements": [6, 0xdd, 0xff, 0xff, 0xff, 0xff, 6],
  JSON: [...Buffer.from('{"type":6}\x1e')],
};

const answered = (invocationId: string, result: string) => ({ type: 3, invocationId, result });
const goesOn = answered("2", "after");
const refused = {
  messages: [{ type: 7, error: "Connection closed with an error.", allowReconnect: true }],
  end: "close 1000",
};

function deviate(titles: readonly string[], why: string, ours: unknown): Readonly<Record<string, Deviation>> {
  return Object.fromEntries(titles.map((title) => [title, { why, ours }]));
}

const deviations = {
  ...deviate(["no headers", "no streams"], "It is clear what is meant.", { messages: [answered("1", "x"), goesOn] }),
  ...deviate(["a goodbye of one element"], "It is clear what is meant.", {
    messages: [{ type: 7 }],
    end: "close 1000",
  }),
  ...deviate(
    ["four elements", "arguments that are null", "arguments that are a map"],
    "What is malformed ends the connection [P4], as the reference has it too where the protocol is JSON.",
    refused,
  ),
  ...deviate(
    ["more behind the array", "an array of too many elements"],
    "What holds other than it promises is malformed [P4], even where what was wanted of it could be read.",
    refused,
  ),
  ...deviate(["an unknown type"], "The reference reads on only when more comes.", { messages: [goesOn] }),
  ...deviate(["a length above what is allowed"], "What will be refused need not come first [P3].", refused),
  ...deviate(
    ["a text that is not UTF-8"],
    "No text can be made of such bytes. Which other is made is up to a decoder.",
    {
      messages: [
        {
          type: 3,
          invocationId: "1",
          error: "Failed to invoke 'ÿþ' due to an error on the server. HubException: Method does not exist.",
        },
        goesOn,
      ],
    },
  ),
};

/** Milliseconds after which nothing more will come. */
const patience = 2000;

/** Messages of MessagePack, whole and broken. */
export const messagePack: Script = {
  name: "messagepack",
  speaks: false,
  deviations,
  async run({ address }, note) {
    const frames = {
      ...Object.fromEntries(Object.entries(arrays).map(([title, array]) => [title, withLength(encode(array))])),
      ...Object.fromEntries(Object.entries(bytes).map(([title, values]) => [title, new Uint8Array(values)])),
    };
    const after = withLength(encode([1, {}, "2", "Echo", ["after"], []]));
    await inTurn(Object.entries(frames), async ([title, frame]) => {
      const client = await RawClient.connect(`${address}/oracle`, { transport: "WebSockets", protocol: "messagepack" });
      await client.write(frame);
      await client.write(after);
      const isAnswered = (messages: readonly Message[]) => messages.some(({ invocationId }) => invocationId === "2");
      await client.until(isAnswered, patience).catch(() => undefined);
      note(title, { messages: client.take(), end: client.end });
      await client.leave();
    });
  },
};
