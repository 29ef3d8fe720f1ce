import { expect, test } from "bun:test";
import { anonymous, defineHub } from "../../src/index.ts";
import { startBunServer } from "../bun-server.ts";
import { handshake, openRaw } from "../raw-client.ts";

const over: string[] = [];

const hub = defineHub<{ user: undefined; events: object }>()({
  path: "/limits",
  authenticate: anonymous,
  maximumStreams: 2,
  methods: {
    Echo: (_call, value) => value,
    async Collect(call, name) {
      try {
        for await (const _ of call.streams[0] ?? []);
      } finally {
        over.push(String(name));
      }
    },
    async Wait(call, name) {
      await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
      over.push(String(name));
    },
  },
});

async function open(address: string) {
  const client = await openRaw(address);
  client.send(handshake);
  await client.next();
  const send = (message: object) => client.send(`${JSON.stringify({ arguments: [], ...message })}\x1e`);
  return { ...client, send, next: client.next };
}

async function eventually(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 200 && !condition(); round++) await Bun.sleep(5);
}

test("[D13] streams of a client are counted with the streams to it, and an id names one at a time", async () => {
  await using server = startBunServer({ hubs: [hub] });
  const client = await open(`${server.address}/limits`);
  const collect = (invocationId: string, ...streamIds: string[]) =>
    client.send({ type: 1, invocationId, target: "Collect", streamIds });
  collect("1", "a");
  collect("2", "a");
  expect(await client.next()).toMatchObject({ invocationId: "2", error: "Stream ID 'a' is already in use." });
  collect("3", "b", "b");
  expect(await client.next()).toMatchObject({ invocationId: "3", error: "Stream ID 'b' is already in use." });
  collect("4", "b", "c");
  expect(await client.next()).toMatchObject({ invocationId: "4", error: "Too many streams are open." });
  collect("5", "b");
  collect("6", "c");
  expect(await client.next()).toMatchObject({ invocationId: "6", error: "Too many streams are open." });
  client.send({ type: 3, invocationId: "a" });
  expect(await client.next()).toMatchObject({ invocationId: "1", result: null });
  collect("7", "a");
  client.send({ type: 3, invocationId: "a" });
  expect(await client.next()).toMatchObject({ invocationId: "7", result: null });
  client.close();
});

test("[D5] the end of a connection ends calls without an id, and calls that share one", async () => {
  await using server = startBunServer({ hubs: [hub] });
  const client = await open(`${server.address}/limits`);
  over.length = 0;
  client.send({ type: 1, target: "Collect", arguments: ["stream"], streamIds: ["a"] });
  client.send({ type: 1, target: "Wait", arguments: ["plain"], streamIds: ["b"] });
  client.send({ type: 1, target: "Echo", invocationId: "1" });
  await client.next();
  client.close();
  await eventually(() => over.length === 2);
  expect(over.toSorted()).toEqual(["plain", "stream"]);
});

test("[N6] of too many connections that nobody takes up the oldest are forgotten", async () => {
  const small = defineHub<{ user: undefined; events: object }>()({
    path: "/small",
    authenticate: anonymous,
    maximumPromisedConnections: 2,
    methods: {},
  });
  await using server = startBunServer({ hubs: [small] });
  const address = `${server.address}/small`;
  const negotiate = async (): Promise<string> =>
    (await (await fetch(`${address}/negotiate?negotiateVersion=1`, { method: "POST" })).json()).connectionToken;
  const [oldest, older] = [await negotiate(), await negotiate()];
  const taken = await openRaw(`${address}?id=${older}`);
  const [newer, newest] = [await negotiate(), await negotiate()];
  await expect(openRaw(`${address}?id=${oldest}`)).rejects.toThrow();
  for (const token of [newer, newest]) (await openRaw(`${address}?id=${token}`)).close();
  taken.send(handshake);
  expect(await taken.next()).toEqual({});
  taken.close();
});

test("[SR4] what nobody acknowledged is let go with its connection", async () => {
  const resumable = defineHub<{ user: undefined; events: { Block: string } }>()({
    path: "/resumable",
    authenticate: anonymous,
    statefulReconnect: true,
    methods: {
      Push(call) {
        for (let index = 0; index < 9; index++) call.connection.send("Block", "x".repeat(100_000));
      },
    },
  });
  await using server = startBunServer({ hubs: [resumable] });
  const address = `${server.address}/resumable`;
  const live = () => {
    Bun.gc(true);
    return process.memoryUsage().heapUsed;
  };
  const before = live();
  for (let session = 0; session < 30; session++) {
    const url = `${address}/negotiate?negotiateVersion=1&useStatefulReconnect=true`;
    const { connectionToken } = await (await fetch(url, { method: "POST" })).json();
    const client = await openRaw(`${address}?id=${connectionToken}`);
    client.send(`{"protocol":"json","version":2}\x1e{"type":1,"target":"Push","arguments":[]}\x1e`);
    await client.next();
    await client.next();
    client.close();
    await client.closed;
  }
  await eventually(() => server.signalr.hub(resumable).connectionIds().length === 0);
  // An acknowledgement that is due keeps them for a second; the connection's own time-outs are much longer.
  for (let round = 0; round < 20 && live() - before > 9_000_000; round++) await Bun.sleep(100);
  expect(live() - before).toBeLessThan(9_000_000);
});
