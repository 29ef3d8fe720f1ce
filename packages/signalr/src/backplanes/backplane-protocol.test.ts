import { expect, test } from "bun:test";
import { jsonProtocol } from "../protocol/json-protocol.ts";
import { messagePackProtocol } from "../protocol/messagepack-protocol.ts";
import { MessageType } from "../protocol/messages.ts";
import { readRedisRecordings } from "../testing/redis-vectors.ts";
import {
  decodeAcknowledgement,
  decodeCompletion,
  decodeGroupCommand,
  decodeInvocation,
  encodeAcknowledgement,
  encodeCompletion,
  encodeGroupCommand,
  encodeInvocation,
} from "./backplane-protocol.ts";

const vectors = readRedisRecordings().flatMap((recording) => recording.vectors);
const limits = { maximumMessageSize: 10_000, maximumDepth: 16 };
const of = (part: RegExp) => vectors.filter(({ channel }) => part.test(channel));

test("[B1] there is something of every kind to compare with", () => {
  const kinds = [
    /:all$/,
    /:group:/,
    /:user:/,
    /:connection:/,
    /:internal:groups$/,
    /:internal:ack:/,
    /:internal:return:/,
  ];
  for (const kind of kinds) expect(of(kind).length).toBeGreaterThan(4);
});

test("[B1] the reference's invocations are read, written again to the same bytes, and are messages", () => {
  for (const { payload, title } of of(/:(all|group:.*|user:.*|connection:.*)$/)) {
    const invocation = decodeInvocation(payload);
    expect(Buffer.from(encodeInvocation(invocation)).toString("hex"), title).toBe(Buffer.from(payload).toString("hex"));
    for (const protocol of [jsonProtocol, messagePackProtocol]) {
      const bytes = invocation.messages.get(protocol.name);
      if (bytes === undefined) continue;
      const [message] = protocol.createReader(limits).read(bytes);
      if (message?.type !== MessageType.invocation) throw new Error(`${title} holds no invocation.`);
      expect(message.invocationId).toBe(invocation.result?.invocationId);
      // The reference escapes more characters in JSON, and writes MessagePack as it is written here.
      const again = Buffer.from(protocol.encode(message)).toString("hex");
      if (!title.includes("e-acute")) expect(again, title).toBe(Buffer.from(bytes).toString("hex"));
    }
  }
});

test("[B1] the reference's group commands, acknowledgements and completions, byte for byte", () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  for (const { payload, decoded } of of(/:internal:groups$/)) {
    const command = decodeGroupCommand(payload);
    expect(JSON.parse(decoded)).toEqual([
      command.id,
      command.server,
      command.action,
      command.group,
      command.connectionId,
    ]);
    expect(hex(encodeGroupCommand(command))).toBe(hex(payload));
  }
  for (const { payload } of of(/:internal:ack:/)) {
    expect(hex(encodeAcknowledgement(decodeAcknowledgement(payload)))).toBe(hex(payload));
  }
  for (const { payload } of of(/:internal:return:/)) {
    const completion = decodeCompletion(payload);
    expect(hex(encodeCompletion(completion))).toBe(hex(payload));
    const protocol = completion.protocol === "json" ? jsonProtocol : messagePackProtocol;
    expect([...protocol.createReader(limits).read(completion.message)]).toMatchObject([
      { type: MessageType.completion },
    ]);
  }
});

test("[B1] what nobody would publish is refused", () => {
  const bytes = (...values: number[]) => Uint8Array.of(...values);
  expect(() => decodeInvocation(bytes(0x90))).toThrow(TypeError);
  expect(() => decodeInvocation(bytes(0x92, 1, 1))).toThrow(TypeError);
  expect(() => decodeGroupCommand(bytes(0x95, 1, 1, 1, 1, 1))).toThrow(TypeError);
  expect(() => decodeAcknowledgement(bytes(0x91, 0xc0))).toThrow(TypeError);
  expect(() => decodeCompletion(bytes(0x92, 0xc0, 0xc0))).toThrow(TypeError);
});
