import { expect, test } from "bun:test";
import fc from "fast-check";
import { MessageType } from "../protocol/messages.ts";
import { ProtocolError } from "../protocol/protocol-error.ts";
import { ReplayBuffer } from "./replay-buffer.ts";

const message = (text: string) => ({ type: MessageType.invocation, target: text, arguments: [] }) as const;

/** One step: a message is sent, travels or is lost; an ack travels or is lost; the socket breaks and is replaced. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant("send" as const) },
  { weight: 5, arbitrary: fc.constant("deliver" as const) },
  { weight: 2, arbitrary: fc.constant("acknowledge" as const) },
  { weight: 1, arbitrary: fc.constant("break" as const) },
);

test("[SR1] whatever breaks between two sides, each message is handled once and in order", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const sender = new ReplayBuffer();
      const receiver = new ReplayBuffer();
      const handled: string[] = [];
      let sent = 0;
      let wire: string[] = [];
      const deliver = (text: string) => {
        if (receiver.accepts(message(text))) handled.push(text);
      };
      const replace = () => {
        receiver.expectSequence();
        receiver.sequence(sender.firstUnacknowledged);
        wire = sender.unacknowledged.map(String);
      };
      for (const next of steps) {
        if (next === "send") {
          sender.add(String(++sent));
          wire.push(String(sent));
        } else if (next === "deliver") {
          const text = wire.shift();
          if (text !== undefined) deliver(text);
        } else if (next === "acknowledge") sender.acknowledge(receiver.latestReceived);
        else replace();
      }
      replace();
      wire.forEach(deliver);
      sender.acknowledge(receiver.latestReceived);
      expect(handled).toEqual(Array.from({ length: sent }, (_, index) => String(index + 1)));
      expect([sender.bytes, sender.unacknowledged.length]).toEqual([0, 0]);
    }),
  );
});

test("[SR2] nothing counts before the sequence, and a gap is an error", () => {
  const buffer = new ReplayBuffer();
  buffer.expectSequence();
  expect(buffer.accepts(message("1"))).toBe(false);
  expect(() => buffer.sequence(2)).toThrow(ProtocolError);
  buffer.sequence(1);
  expect(buffer.accepts({ type: MessageType.ping })).toBe(true);
  expect(buffer.accepts(message("1"))).toBe(true);
  expect(buffer.latestReceived).toBe(1);
});
