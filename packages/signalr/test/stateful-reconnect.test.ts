import { expect, test } from "bun:test";
import {
  DefaultHttpClient,
  type HttpRequest,
  type HttpResponse,
  HubConnectionBuilder,
  LogLevel,
  NullLogger,
} from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { anonymous, type DisconnectReason, defineHub } from "../src/index.ts";
import { startBunServer } from "./bun-server.ts";
import { handshake, openRaw } from "./raw-client.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

async function setup() {
  const reasons: DisconnectReason[] = [];
  const hub = defineHub<{ user: undefined; events: { Message: number | string } }>()({
    path: "/resume",
    authenticate: anonymous,
    statefulReconnect: true,
    disconnectTimeout: 400,
    methods: { Echo: (_call, value) => value },
    onDisconnected: (_connection, reason) => void reasons.push(reason),
  });
  const server = startBunServer({ hubs: [hub] });
  const proxy = await startTcpProxy(server.address);
  const build = (withMessagePack = false) => {
    const builder = new HubConnectionBuilder()
      .withUrl(`${proxy.address}/resume`)
      .withStatefulReconnect()
      .configureLogging(LogLevel.None);
    return (withMessagePack ? builder.withHubProtocol(new MessagePackHubProtocol()) : builder).build();
  };
  return {
    hub: server.signalr.hub(hub),
    server,
    proxy,
    reasons,
    build,
    async [Symbol.asyncDispose]() {
      proxy[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

for (const withMessagePack of [false, true]) {
  test(`[SR1] broken sockets lose nothing and repeat nothing, MessagePack: ${withMessagePack}`, async () => {
    await using setting = await setup();
    const client = setting.build(withMessagePack);
    const received: (number | string)[] = [];
    client.on("Message", (value: number) => received.push(value));
    await client.start();
    const id = client.connectionId ?? "";
    setting.hub.lifetime.addToGroup(id, "room");
    const echoes: Promise<unknown>[] = [];
    for (let index = 0; index < 300; index++) {
      setting.hub.clients.group("room").send("Message", index);
      echoes.push(client.invoke("Echo", index));
      if (index % 60 === 30) setting.proxy.breakAll();
      if (index % 5 === 0) await Bun.sleep(2);
    }
    expect(await Promise.all(echoes)).toEqual(Array.from({ length: 300 }, (_, index) => index));
    setting.hub.clients.group("room").send("Message", "last");
    while (received.at(-1) !== "last") await Bun.sleep(5);
    expect(received).toEqual([...Array.from({ length: 300 }, (_, index) => index), "last"]);
    expect([client.connectionId, setting.reasons]).toEqual([id, []]);
    await client.stop();
    await Bun.sleep(20);
    expect(setting.reasons).toEqual([{ kind: "client-closed" }]);
  });
}

test("[SR3] a client that does not come back is gone after a while, and not before", async () => {
  await using setting = await setup();
  const client = setting.build();
  await client.start();
  setting.proxy[Symbol.dispose]();
  setting.proxy.breakAll();
  await Bun.sleep(150);
  expect([setting.hub.lifetime.size, setting.reasons]).toEqual([1, []]);
  await Bun.sleep(700);
  expect([setting.hub.lifetime.size, setting.reasons]).toEqual([0, [{ kind: "connection-lost" }]]);
  await client.stop();
});

test("[SR4] what nobody acknowledges is bounded", async () => {
  await using setting = await setup();
  const client = setting.build();
  await client.start();
  setting.proxy[Symbol.dispose]();
  setting.proxy.breakAll();
  await Bun.sleep(50);
  const text = "x".repeat(100_000);
  for (let index = 0; index < 20; index++) setting.hub.clients.all.send("Message", text);
  await Bun.sleep(0);
  expect(setting.reasons).toMatchObject([{ kind: "overloaded" }]);
  await client.stop();
});

async function openResumable(address: string) {
  const url = `${address}/negotiate?negotiateVersion=1&useStatefulReconnect=true`;
  const { connectionToken } = await (await fetch(url, { method: "POST" })).json();
  const open = () => openRaw(`${address}?id=${connectionToken}`);
  const client = await open();
  client.send('{"protocol":"json","version":2}\x1e');
  expect(await client.next()).toEqual({});
  return { client, open };
}

test("[SR2] a client that comes back is sent nothing again before it has said where it begins, and then all once", async () => {
  await using setting = await setup();
  const { client, open } = await openResumable(`${setting.server.address}/resume`);
  const [id = ""] = setting.hub.connectionIds();
  const push = (text: string) => setting.hub.clients.connection(id).send("Message", text);
  push("1");
  expect(await client.next()).toMatchObject({ arguments: ["1"] });
  const silent = await open();
  expect(await silent.next()).toEqual({ type: 9, sequenceId: 1 });
  push("2");
  const next = await open();
  expect(await next.next()).toEqual({ type: 9, sequenceId: 1 });
  push("3");
  next.send('{"type":9,"sequenceId":1}\x1e{"type":9,"sequenceId":1}\x1e');
  push("4");
  for (const text of ["1", "2", "3", "4"]) expect(await next.next()).toMatchObject({ arguments: [text] });
  next.send('{"type":1,"invocationId":"1","target":"Echo","arguments":["behind"]}\x1e');
  expect(await next.next()).toMatchObject({ type: 3, result: "behind" });
  silent.close();
  next.close();
});

test("[SR4] what one task sends and nobody acknowledges is bounded too", async () => {
  await using setting = await setup();
  const { client } = await openResumable(`${setting.server.address}/resume`);
  const text = "x".repeat(100_000);
  for (let index = 0; index < 200; index++) setting.hub.clients.all.send("Message", text);
  await client.closed;
  expect(setting.reasons).toMatchObject([{ kind: "overloaded" }]);
  const next = () =>
    client.next().then(
      () => 1,
      () => 0,
    );
  let received = 0;
  while ((await next()) > 0) received++;
  expect(received).toBeLessThanOrEqual(11);
});

test("[SR5] it is told only to those who ask, and works only with what was promised", async () => {
  await using setting = await setup();
  const address = `${setting.server.address}/resume`;
  const negotiate = async (query: string) =>
    (await fetch(`${address}/negotiate?negotiateVersion=1${query}`, { method: "POST" })).json();
  expect(await negotiate("")).not.toHaveProperty("useStatefulReconnect");
  expect(await negotiate("&USESTATEFULRECONNECT=true")).toHaveProperty("useStatefulReconnect", true);
  const { connectionToken } = await negotiate("&useStatefulReconnect=true");
  const first = await openRaw(`${address}?id=${connectionToken}`);
  first.send(handshake);
  expect(await first.next()).toEqual({});
  const second = await openRaw(`${address}?id=${connectionToken}`);
  expect(await second.closed).toBe(1011);
  first.close();
});

/** Negotiates with another address than the one that everything else goes to. */
class ElsewhereNegotiating extends DefaultHttpClient {
  readonly #address: string;

  constructor(address: string) {
    super(NullLogger.instance);
    this.#address = address;
  }

  override send(request: HttpRequest): Promise<HttpResponse> {
    const { pathname, search } = new URL(request.url ?? "");
    return super.send({ ...request, url: `${this.#address}${pathname}${search}` });
  }
}

test("[N5][SR1] a connection that another node negotiated is acknowledged and taken up again like any", async () => {
  const hub = defineHub<{ user: undefined; events: { Message: never } }>()({
    path: "/resume",
    authenticate: anonymous,
    statefulReconnect: true,
    methods: { Echo: (_call, value) => value },
  });
  const options = { hubs: [hub], tokenKey: "0123456789abcdef0123456789abcdef" };
  await using one = startBunServer(options);
  await using other = startBunServer(options);
  using proxy = await startTcpProxy(other.address);
  const client = new HubConnectionBuilder()
    .withUrl(`${proxy.address}/resume`, { httpClient: new ElsewhereNegotiating(one.address) })
    .withStatefulReconnect({ bufferSize: 10_000 })
    .configureLogging(LogLevel.None)
    .build();
  await client.start();
  const id = client.connectionId ?? "";
  expect(other.signalr.hub(hub).connectionIds()).toEqual([id]);
  const text = "x".repeat(1000);
  const echoes: Promise<unknown>[] = [];
  for (let index = 0; index < 60; index++) {
    echoes.push(client.invoke("Echo", text));
    // The client tries to replace a socket once: the one before must be there.
    if (index % 20 === 10) {
      await echoes[index - 5];
      proxy.breakAll();
    }
  }
  expect(await Promise.all(echoes)).toEqual(Array.from({ length: 60 }, () => text));
  expect([client.connectionId, other.signalr.hub(hub).connectionIds()]).toEqual([id, [id]]);
  await client.stop();
});
