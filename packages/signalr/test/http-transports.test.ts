import { expect, test } from "bun:test";
import { connect } from "node:net";
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { anonymous, type DisconnectReason, defineHub } from "../src/index.ts";
import { startBunServer } from "./bun-server.ts";
import { handshake } from "./raw-client.ts";

const { WebSockets, ServerSentEvents, LongPolling } = HttpTransportType;

for (const transport of [WebSockets, ServerSentEvents, LongPolling]) {
  test(`[A4] a ticket used up at negotiate serves its connection on ${HttpTransportType[transport]}, and no other`, async () => {
    const used = new Set<string>();
    const hub = defineHub<{ user: undefined; events: { Message: number } }>()({
      path: "/tickets",
      pollTimeout: 50,
      async authenticate(_request, { token = "" }) {
        if (used.has(token)) return null;
        used.add(token);
        return { userId: "ada", user: undefined };
      },
      methods: { Echo: (_call, value) => value },
    });
    await using server = startBunServer({ hubs: [hub] });
    const build = () =>
      new HubConnectionBuilder()
        .withUrl(`${server.address}/tickets`, { transport, accessTokenFactory: () => "ticket" })
        .configureLogging(LogLevel.None)
        .build();
    const client = build();
    await client.start();
    for (let round = 0; round < 5; round++) {
      expect(await client.invoke("Echo", round)).toBe(round);
      await Bun.sleep(20);
    }
    expect(
      await build()
        .start()
        .then(
          () => "connected",
          (error: Error) => error.message,
        ),
    ).toContain("401");
    await client.stop();
  });
}

/** A hub whose pushes nobody reads, and how its connections ended. */
function startUnread() {
  const reasons: DisconnectReason[] = [];
  const hub = defineHub<{ user: undefined; events: { Message: string } }>()({
    path: "/unread",
    authenticate: anonymous,
    methods: {},
    onDisconnected: (_connection, reason) => void reasons.push(reason),
  });
  const server = startBunServer({ hubs: [hub] });
  const address = `${server.address}/unread`;
  return {
    reasons,
    address,
    hub: server.signalr.hub(hub),
    async negotiate(): Promise<string> {
      return (await (await fetch(`${address}/negotiate?negotiateVersion=1`, { method: "POST" })).json())
        .connectionToken;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const filler = "x".repeat(100_000);

test("[S3] a client of server-sent events that does not read is cut off", async () => {
  await using unread = startUnread();
  const id = await unread.negotiate();
  const socket = connect(Number(new URL(unread.address).port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`GET /unread?id=${id} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`);
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  await fetch(`${unread.address}?id=${id}`, { method: "POST", body: handshake });
  for (let round = 0; round < 400 && unread.reasons.length === 0; round++) {
    unread.hub.clients.all.send("Message", filler);
    await Bun.sleep(1);
  }
  expect(unread.reasons).toEqual([{ kind: "connection-lost" }]);
  expect(unread.hub.lifetime.size).toBe(0);
  socket.destroy();
});

test("[S3] a client that polls too seldom for what it is sent is cut off", async () => {
  await using unread = startUnread();
  const id = await unread.negotiate();
  await fetch(`${unread.address}?id=${id}`);
  await fetch(`${unread.address}?id=${id}`, { method: "POST", body: handshake });
  for (let round = 0; round < 20 && unread.reasons.length === 0; round++) {
    unread.hub.clients.all.send("Message", filler);
    await Bun.sleep(1);
  }
  expect(unread.reasons).toEqual([{ kind: "connection-lost" }]);
});

test("[H6] posts of one connection are applied one at a time, in the order they came", async () => {
  await using unread = startUnread();
  const id = await unread.negotiate();
  await fetch(`${unread.address}?id=${id}`);
  const socket = () => connect(Number(new URL(unread.address).port), "127.0.0.1");
  const [first, second] = [socket(), socket()];
  const head = (length: number) => `POST /unread?id=${id} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;
  first.write(head(handshake.length) + handshake.slice(0, 10));
  await Bun.sleep(30);
  const message = '{"type":1,"invocationId":"1","target":"Absent","arguments":[]}\x1e';
  second.write(head(message.length) + message);
  await Bun.sleep(30);
  first.write(handshake.slice(10));
  let polled = "";
  while (!polled.includes('"type":3')) polled += await (await fetch(`${unread.address}?id=${id}`)).text();
  expect(polled).toStartWith("{}\x1e");
  first.destroy();
  second.destroy();
});
