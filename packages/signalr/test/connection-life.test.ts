import { expect, test } from "bun:test";
import fc from "fast-check";
import { anonymous, createSignalR, type DisconnectReason, defineHub } from "../src/index.ts";
import { ManualClock, ManualTurns } from "../src/testing/manual-time.ts";
import { SocketPair } from "../src/testing/socket-pair.ts";
import { handshake } from "./raw-client.ts";

interface Types {
  readonly user: undefined;
  readonly events: { readonly Message: unknown };
}

/** A hub on time and turns that pass when told, and the ends it saw. */
function setup(nativeRoomSize = 64) {
  const ends: DisconnectReason[] = [];
  const clock = new ManualClock();
  const turns = new ManualTurns();
  const hub = defineHub<Types>()({
    path: "/life",
    authenticate: anonymous,
    nativeRoomSize,
    methods: { Echo: (_call, value) => value },
    onDisconnected: (_connection, reason) => void ends.push(reason),
  });
  const logger = { debug: () => undefined, warn: () => undefined, error: () => undefined };
  const signalr = createSignalR({ hubs: [hub], clock, endOfTurn: turns.endOfTurn, logger });
  const settle = async () => {
    for (let round = 0; round < 8; round++) await Promise.resolve();
    turns.end();
  };
  return { ends, clock, turns, signalr, hub: signalr.hub(hub), settle };
}

test("[P6][S2] a message for many is encoded once, and what one is sent in a turn leaves in one write", async () => {
  const { signalr, hub, turns } = setup();
  const pairs = await Promise.all([1, 2, 3].map(() => SocketPair.open(signalr, "/life")));
  for (const pair of pairs) pair.receive(handshake);
  turns.end();
  let encoded = 0;
  const payload = { toJSON: () => ++encoded };
  for (const id of hub.connectionIds()) hub.lifetime.addToGroup(id, "room");
  hub.clients.group("room").send("Message", payload);
  hub.clients.all.send("Message", "second");
  for (const { writes } of pairs) expect(writes).toHaveLength(1);
  turns.end();
  for (const { writes } of pairs) {
    expect(writes).toHaveLength(2);
    expect(writes[1]).toHaveLength(2);
    expect(writes[1]?.[0]).toBe(pairs[0]?.writes[1]?.[0]);
  }
  expect(encoded).toBe(1);
});

test("[S2] many messages for a large room leave in one write to those whom the runtime does not write to itself", async () => {
  const { signalr, hub, turns } = setup(1);
  const pair = await SocketPair.open(signalr, "/life");
  pair.receive(handshake);
  turns.end();
  for (const id of hub.connectionIds()) hub.lifetime.addToGroup(id, "room");
  for (let index = 0; index < 10; index++) hub.clients.group("room").send("Message", index);
  turns.end();
  expect(pair.writes.map((frames) => frames.length)).toEqual([1, 10]);
});

const block = "x".repeat(100_000);
const sizeOf = ({ writes }: SocketPair) => writes.flat().reduce((sum, frame) => sum + frame.length, 0);

test("[S3] what one task sends to one connection is bounded, and who is sent less does not notice", async () => {
  const { ends, signalr, hub, settle } = setup();
  const [flooded, other] = await Promise.all([1, 2].map(() => SocketPair.open(signalr, "/life")));
  if (flooded === undefined || other === undefined) throw new Error("Unreachable: two were opened.");
  for (const pair of [flooded, other]) pair.receive(handshake);
  const [first = ""] = hub.connectionIds();
  let encoded = 0;
  const toJSON = () => {
    encoded++;
    return block;
  };
  for (let index = 0; index < 500; index++) {
    hub.clients.connection(first).send("Message", { toJSON });
    if (index % 100 === 0) hub.clients.all.send("Message", index);
  }
  await settle();
  expect(ends).toEqual([{ kind: "overloaded", error: "The client is sent too much at once." }]);
  expect(flooded.closedWith).toBe(1000);
  expect(sizeOf(flooded)).toBeLessThan(1024 * 1024 + 2 * block.length);
  // What would go nowhere is not even encoded.
  expect(encoded).toBeLessThan(13);
  const indexes = other.records.slice(1).map((record) => JSON.stringify(record));
  expect(indexes).toEqual(
    [0, 100, 200, 300, 400].map((index) => `{"type":1,"target":"Message","arguments":[${index}]}`),
  );
});

test("[S2][S3] a message of any size, and any amount task by task, reaches a client that reads", async () => {
  const { ends, signalr, hub, settle } = setup();
  const pair = await SocketPair.open(signalr, "/life");
  pair.receive(handshake);
  const [id = ""] = hub.connectionIds();
  hub.clients.connection(id).send("Message", "x".repeat(5_000_000));
  for (let index = 0; index < 100; index++) {
    await Promise.resolve();
    hub.clients.connection(id).send("Message", block);
  }
  await settle();
  expect([ends, pair.records.length]).toEqual([[], 102]);
});

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("invoke" as const), value: fc.nat(99) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("push" as const), value: fc.nat(99) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), value: fc.constantFrom(500, 8000, 16_000, 40_000) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("ping" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("turn" as const) }) },
  fc.record({ kind: fc.constant("goodbye" as const) }),
  fc.record({ kind: fc.constant("nonsense" as const) }),
  fc.record({ kind: fc.constant("break" as const) }),
  fc.record({ kind: fc.constant("server closes" as const) }),
  fc.record({ kind: fc.constant("half" as const) }),
);

test("[C1][C3][T1][T2][T3] through any life: pushes in order, silence after the end, one end for each beginning", async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { maxLength: 30 }), async (shakesHands, steps) => {
      const { ends, clock, signalr, hub, settle } = setup();
      const pair = await SocketPair.open(signalr, "/life");
      if (shakesHands) pair.receive(handshake);
      await settle();
      const pushed: number[] = [];
      for (const next of steps) {
        switch (next.kind) {
          case "invoke":
            pair.receive(`{"type":1,"invocationId":"${next.value}","target":"Echo","arguments":[${next.value}]}\x1e`);
            break;
          case "push":
            if (hub.lifetime.size > 0) pushed.push(next.value);
            hub.clients.all.send("Message", next.value);
            break;
          case "wait":
            clock.advance(next.value);
            break;
          case "ping":
            pair.receive('{"type":6}\x1e');
            break;
          case "goodbye":
            pair.receive('{"type":7}\x1e');
            break;
          case "nonsense":
            pair.receive("nonsense\x1e");
            break;
          case "half":
            pair.receive('{"type":');
            break;
          case "break":
            pair.break();
            break;
          case "server closes":
            hub.disconnectWhere(() => true);
            break;
          case "turn":
            await settle();
        }
        // What came before a lost socket may wait for a turn, and the end behind it.
        for (let turn = 0; turn < 3 && pair.closedWith !== null; turn++) await settle();
        expect(hub.lifetime.size).toBeLessThanOrEqual(pair.closedWith === null ? 1 : 0);
      }
      await settle();
      const records = pair.records.map((record) => Object(record));
      const got = records.filter(({ type }) => type === 1).map((record) => record.arguments[0]);
      // What was queued when the network broke is lost; everything else has come, in order.
      expect(got).toEqual(pair.closedWith === 1006 ? pushed.slice(0, got.length) : pushed);
      const closes = records.findIndex(({ type }) => type === 7);
      if (closes >= 0) expect(closes).toBe(records.length - 1);
      pair.break();
      await settle();
      const opened = JSON.stringify(records[0]) === "{}" || (records.length === 0 && ends.length > 0);
      expect(ends).toHaveLength(opened ? 1 : 0);
      clock.advance(60_000);
      expect([hub.lifetime.size, clock.timers]).toEqual([0, 0]);
      await signalr.shutdown();
    }),
    { numRuns: 300 },
  );
});
