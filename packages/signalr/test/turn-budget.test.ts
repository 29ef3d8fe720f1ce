import { expect, test } from "bun:test";
import { anonymous, createSignalR, type DisconnectReason, defineHub, type HubOptions } from "../src/index.ts";
import { ManualClock, ManualTurns } from "../src/testing/manual-time.ts";
import { SocketPair } from "../src/testing/socket-pair.ts";
import { handshake } from "./raw-client.ts";

interface Types {
  readonly user: undefined;
  readonly events: object;
}

type Limits = "maximumParallelInvocations" | "maximumQueuedInvocations" | "maximumMessageSize";

/** A hub whose methods tell what they do, and take a fifth of a millisecond each: three fill a turn. */
function setup(limits: Pick<HubOptions<Types>, Limits> = {}) {
  const done: string[] = [];
  const waiting: (() => void)[] = [];
  const clock = new ManualClock();
  const turns = new ManualTurns();
  const work = (name: unknown) => {
    clock.advance(0.2);
    done.push(String(name));
  };
  const hub = defineHub<Types>()({
    path: "/turns",
    authenticate: anonymous,
    clientTimeout: 1e9,
    keepAliveInterval: 1e9,
    ...limits,
    methods: {
      Work: (_call, name) => work(name),
      async WorkLater(_call, name) {
        await Promise.resolve();
        work(name);
      },
      Wait(call, name) {
        call.signal.addEventListener("abort", () => done.push(`${String(name)} cancelled`));
        return new Promise<void>((resolve) => waiting.push(resolve));
      },
    },
    streams: {
      *Endless(_call, name) {
        for (;;) {
          work(name);
          yield name;
        }
      },
    },
    onDisconnected: (_connection, { kind }: DisconnectReason) => void done.push(kind),
  });
  const signalr = createSignalR({ hubs: [hub], clock, endOfTurn: turns.endOfTurn });
  const settle = async () => {
    for (let round = 0; round < 200; round++) await Promise.resolve();
  };
  return {
    done,
    settle,
    /** Has the method `Wait` return where it was called first. */
    finish: () => waiting.shift()?.(),
    async open() {
      const pair = await SocketPair.open(signalr, "/turns");
      pair.receive(handshake);
      await settle();
      turns.end();
      await settle();
      return pair;
    },
    /** @returns what was done in the turn that ends */
    async turn(): Promise<string> {
      await settle();
      const all = done.splice(0).join(" ");
      turns.end();
      return all;
    },
  };
}

const call = (target: string, name: string, invocationId?: string) =>
  `${JSON.stringify({ type: target === "Endless" ? 4 : 1, invocationId, target, arguments: [name] })}\x1e`;
const work = (...names: readonly string[]) => names.map((name) => call("Work", name)).join("");

for (const maximumParallelInvocations of [1, 100]) {
  test(`[X4][D3] who has more than fits into a turn goes on in the next, others in between, ${maximumParallelInvocations} at once`, async () => {
    const { open, turn } = setup({ maximumParallelInvocations });
    const [greedy, other] = [await open(), await open()];
    greedy.receive(work("a", "b", "c", "d", "e", "f", "g"));
    expect(await turn()).toBe("a b c");
    other.receive(work("other"));
    const rest = [await turn(), await turn(), await turn()];
    for (const part of rest) expect(part.split(" ").length).toBeLessThanOrEqual(3);
    expect(rest[0]).toContain("other");
    expect(rest.join(" ").trim().replace("other ", "")).toBe("d e f g");
  });
}

test("[X4] all who have more go on in rounds, and who has nothing waiting need not wait while there is time", async () => {
  const { open, settle, turn } = setup({ maximumParallelInvocations: 100 });
  const [first, second, third] = [await open(), await open(), await open()];
  first.receive(work("a", "b", "c", "d", "e"));
  await settle();
  second.receive(work("A", "B"));
  third.receive(work("1", "2"));
  const all = [await turn(), await turn(), await turn(), await turn()];
  expect(all).toEqual(["a b c", "d A 1", "e B 2", ""]);
  third.receive(work("3"));
  expect(await turn()).toBe("3");
});

test("[X4] few are begun as one piece, for what they do later is known later", async () => {
  const { open, turn } = setup({ maximumParallelInvocations: 100 });
  const pair = await open();
  pair.receive(Array.from({ length: 40 }, (_, index) => call("WorkLater", String(index))).join(""));
  const turns: string[] = [];
  for (let round = 0; round < 10; round++) turns.push(await turn());
  for (const part of turns) expect(part.split(" ").length).toBeLessThanOrEqual(20);
  expect(turns.join(" ").trim()).toBe(Array.from({ length: 40 }, (_, index) => index).join(" "));
});

test("[X4] streams are read for as long as a turn has time, each an item in a round", async () => {
  const { open, turn } = setup();
  const [greedy, other] = [await open(), await open()];
  greedy.receive(["a", "b", "c", "d"].map((name) => call("Endless", name, name)).join(""));
  other.receive(work("1"));
  const turns: string[] = [];
  for (let round = 0; round < 20; round++) turns.push(await turn());
  expect(turns.slice(0, 3).join(" ")).toContain("1");
  // What was begun when the time was over is done: at most an item of each.
  for (const part of turns) expect(part.split(" ").length).toBeLessThanOrEqual(7);
  const items = turns.join(" ").split(" ");
  const counts = ["a", "b", "c", "d"].map((name) => items.filter((item) => item === name).length);
  expect(Math.min(...counts)).toBeGreaterThan(10);
  expect(Math.max(...counts)).toBeLessThan(2 * Math.min(...counts));
});

test("[X4][D5] a cancellation that waits is handled behind what was sent before it", async () => {
  const { open, turn } = setup({ maximumParallelInvocations: 100 });
  const pair = await open();
  const cancel = '{"type":5,"invocationId":"1"}\x1e';
  pair.receive(`${work("a", "b", "c")}${call("Wait", "w", "1")}${cancel}${work("d")}`);
  expect([await turn(), await turn()]).toEqual(["a b c", "w cancelled d"]);
});

const names = ["a", "b", "c", "d", "e"];
const saysGoodbye = (pair: SocketPair) => pair.receive(`{"type":7}\x1e${work("behind")}`);
const saysGoodbyeAndBreaks = (pair: SocketPair) => {
  saysGoodbye(pair);
  pair.break();
};
for (const [how, chunks, end] of [
  ["goodbye", names.map((name) => work(name)), saysGoodbye],
  ["goodbye", [work(...names)], saysGoodbye],
  ["goodbye and broken", names.map((name) => work(name)), saysGoodbyeAndBreaks],
  ["goodbye and broken", [work(...names)], saysGoodbyeAndBreaks],
  ["goodbye and broken", [], saysGoodbyeAndBreaks],
  ["broken", names.map((name) => work(name)), (pair: SocketPair) => pair.break()],
  ["broken", [work(...names)], (pair: SocketPair) => pair.break()],
] as const) {
  test(`[X4][C3] what a client sent before its end is done before its end: ${how} after ${chunks.length}`, async () => {
    const { open, settle, turn, done } = setup();
    const pair = await open();
    for (const chunk of chunks) {
      pair.receive(chunk);
      await settle();
    }
    end(pair);
    const turns: string[] = [];
    for (let round = 0; round < 6; round++) turns.push(await turn());
    const reason = how === "broken" ? "connection-lost" : "client-closed";
    const all = turns.join(" ").trim().replaceAll(/ +/g, " ");
    expect(all).toBe(chunks.length === 0 ? reason : `a b c d e ${reason}`);
    expect(turns[0]).toBe(chunks.length === 0 ? "" : "a b c");
    expect([pair.closedWith === null, done]).toEqual([false, []]);
  });
}

test("[X4][D4] who sends more than is kept for later turns is not read until it is handled", async () => {
  const { open, turn } = setup({ maximumParallelInvocations: 100 });
  const pair = await open();
  const large = call("Work", "x".repeat(30_000));
  pair.receive(work("a", "b", "c", "d"));
  for (let sent = 0; sent < 2; sent++) pair.receive(large);
  expect(pair.isPaused).toBe(false);
  pair.receive(large);
  expect(pair.isPaused).toBe(true);
  let done = 0;
  for (let round = 0; round < 6; round++) done += (await turn()).split(" ").filter(Boolean).length;
  expect([done, pair.isPaused]).toEqual([7, false]);
});

test("[D4][P8] a frame as large as may be waits like any other, and what is beyond one and a mebibyte ends the connection", async () => {
  const { open, turn } = setup({ maximumParallelInvocations: 100, maximumMessageSize: 1_500_000 });
  const pair = await open();
  const large = call("Work", "x".repeat(1_400_000));
  pair.receive(work("a", "b", "c", "d"));
  for (let sent = 0; sent < 2; sent++) pair.receive(large);
  expect(pair.closedWith).toBeNull();
  pair.receive(large);
  expect(pair.closedWith).toBe(1000);
  expect(pair.records.at(-1)).toMatchObject({ type: 7, error: "Too much is waiting to be handled." });
  expect(await turn()).toBe("a b overloaded");
});

test("[D4] who was stopped for the invocations that wait is read again when half of them have begun", async () => {
  const { open, settle, finish } = setup({ maximumQueuedInvocations: 6 });
  const pair = await open();
  // One runs, six wait, and the last is not read.
  for (const name of ["0", "1", "2", "3", "4", "5", "6", "7"]) pair.receive(call("Wait", name));
  const paused: boolean[] = [];
  for (let finished = 0; finished < 4; finished++) {
    await settle();
    paused.push(pair.isPaused);
    finish();
  }
  expect(paused).toEqual([true, true, true, false]);
});
