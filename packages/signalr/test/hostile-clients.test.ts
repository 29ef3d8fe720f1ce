import { afterAll, expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { anonymous, defineHub } from "../src/index.ts";
import { withPrefix } from "../src/protocol/length-prefix.ts";
import { startBunServer } from "./bun-server.ts";
import { handshake, openRaw } from "./raw-client.ts";

const hub = defineHub<{ user: undefined; events: { Message: string } }>()({
  path: "/hostile",
  authenticate: anonymous,
  handshakeTimeout: 400,
  clientTimeout: 400,
  methods: { Echo: (_call, value) => value, Never: () => new Promise(() => undefined) },
});
const quiet = { debug: () => undefined, warn: () => undefined, error: () => undefined };
const server = startBunServer({ hubs: [hub], logger: quiet });
const address = `${server.address}/hostile`;
afterAll(() => server[Symbol.asyncDispose]());

const megabytes = () => {
  Bun.gc(true);
  return process.memoryUsage().rss / 1024 / 1024;
};

/** What another client notices, and what is left of the attack afterwards. */
async function survive(attack: () => Promise<void>): Promise<void> {
  const before = megabytes();
  const bystander = await openRaw(address);
  bystander.send(handshake);
  await bystander.next();
  await attack();
  bystander.send('{"type":1,"invocationId":"1","target":"Echo","arguments":["alive"]}\x1e');
  let answer = await bystander.next();
  while (JSON.stringify(answer) === '{"type":6}') answer = await bystander.next();
  expect(answer).toMatchObject({ result: "alive" });
  bystander.close();
  expect(megabytes() - before).toBeLessThan(50);
}

/** A WebSocket spoken by hand, to break its rules. */
async function openByHand(): Promise<Socket> {
  const socket = connect(Number(new URL(address).port), "127.0.0.1");
  socket.on("error", () => undefined);
  const key = "dGhlIHNhbXBsZSBub25jZQ==";
  const lines = [
    "GET /hostile HTTP/1.1",
    "Host: x",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
  ];
  socket.write(`${[...lines, `Sec-WebSocket-Key: ${key}`].join("\r\n")}\r\n\r\n`);
  await new Promise((resolve) => socket.once("data", resolve));
  return socket;
}

test("[X1] MessagePack headers that promise billions, again and again", () =>
  survive(async () => {
    const bomb = new Uint8Array(6000);
    for (let at = 0; at + 5 <= bomb.length; at += 5) bomb.set([0xdd, 0x7f, 0xff, 0xff, 0xff], at);
    for (let round = 0; round < 100; round++) {
      const client = await openRaw(address);
      client.send('{"protocol":"messagepack","version":1}\x1e');
      client.send(withPrefix(bomb));
      expect(await client.closed).toBe(1000);
    }
  }));

test("[X1] JSON a hundred thousand levels deep, as one message and as a handshake", () =>
  survive(async () => {
    for (const text of [
      `${handshake}{"type":6,"a":${"[".repeat(16_000)}${"]".repeat(16_000)}}\x1e`,
      "[".repeat(100_000),
    ]) {
      for (let round = 0; round < 20; round++) {
        const client = await openRaw(address);
        client.send(text);
        expect([1000, 1009, 1006]).toContain(await client.closed);
      }
    }
  }));

test("[X1] sixteen thousand fragments of one byte, and an endless message", () =>
  survive(async () => {
    const fragment = Uint8Array.of(0x01, 0x81, 0, 0, 0, 0, 0x20);
    const more = Uint8Array.of(0x00, 0x81, 0, 0, 0, 0, 0x20);
    const sockets = await Promise.all(Array.from({ length: 20 }, openByHand));
    const fragments = Buffer.concat([fragment, ...Array.from({ length: 16_000 }, () => more)]);
    for (const socket of sockets) socket.write(fragments);
    await Bun.sleep(300);
    for (const socket of sockets) socket.destroy();
    const endless = await openRaw(address);
    endless.send(handshake);
    for (let round = 0; round < 40; round++) endless.send("x".repeat(1000));
    expect([1000, 1009, 1006]).toContain(await endless.closed);
  }));

test("[X1][HS3] a thousand handshakes that are never finished", () =>
  survive(async () => {
    const clients = await Promise.all(Array.from({ length: 1000 }, () => openRaw(address)));
    for (const client of clients) client.send("{");
    await Promise.all(clients.map((client) => client.closed));
    expect(server.signalr.hub(hub).lifetime.size).toBe(1);
  }));

test("[X1] invocations that never end, and a flood of them", () =>
  survive(async () => {
    const client = await openRaw(address);
    client.send(handshake);
    const never = '{"type":1,"invocationId":"1","target":"Never","arguments":[]}\x1e'.repeat(500);
    for (let round = 0; round < 200; round++) client.send(never);
    await Promise.race([client.closed, Bun.sleep(1000)]);
    client.close();
  }));

test("[X1] negotiations by the thousand that nobody takes up", () =>
  survive(async () => {
    for (let round = 0; round < 20; round++) {
      const asks = Array.from({ length: 100 }, () =>
        fetch(`${address}/negotiate?negotiateVersion=1`, { method: "POST" }),
      );
      for (const answer of await Promise.all(asks)) expect(answer.status).toBe(200);
    }
    await Bun.sleep(600);
  }));
