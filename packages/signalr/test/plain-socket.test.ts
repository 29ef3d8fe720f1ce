import { expect, test } from "bun:test";
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { anonymous, type DisconnectReason, defineHub, type HubOptions, type HubTypes } from "../src/index.ts";
import { startBunServer } from "./bun-server.ts";
import { chatHub } from "./chat-hub.ts";
import { handshake, openRaw } from "./raw-client.ts";

interface EchoTypes extends HubTypes {
  readonly user: undefined;
  readonly events: { readonly Message: string };
}

/** Serves an echo hub with the options under test. */
function startEcho(options: Partial<HubOptions<EchoTypes>>) {
  const reasons: DisconnectReason[] = [];
  const hub = defineHub<EchoTypes>()({
    path: "/echo",
    authenticate: anonymous,
    methods: {
      Echo: (_call, value) => value,
      async EchoLater(_call, value) {
        await Bun.sleep(Number(value));
        return value;
      },
      Never: () => new Promise(() => undefined),
    },
    onDisconnected: (_connection, reason) => void reasons.push(reason),
    ...options,
  });
  const server = startBunServer({ hubs: [hub] });
  return {
    hub,
    reasons,
    server,
    address: `${server.address}/echo`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const invocation = (id: string, target: string, ...args: unknown[]) =>
  `${JSON.stringify({ type: 1, invocationId: id, target, arguments: args })}\x1e`;

test("[HS1] a handshake split over frames, with a message behind it in the same frame", async () => {
  await using echo = startEcho({});
  const client = await openRaw(echo.address);
  const text = handshake + invocation("1", "Echo", "hello");
  client.send(text.slice(0, 10));
  client.send(new TextEncoder().encode(text.slice(10)));
  expect(await client.next()).toEqual({});
  expect(await client.next()).toEqual({ type: 3, invocationId: "1", result: "hello" });
  client.close();
});

test("[HS2] bad handshakes are answered with their error", async () => {
  await using echo = startEcho({});
  const answers = [
    ['{"protocol":"morse","version":1}', "The protocol 'morse' is not supported."],
    ['{"protocol":"json","version":3}', "The server does not support version 3 of the 'json' protocol."],
    ['{"version":1}', "An unexpected error occurred during connection handshake."],
    ["{", "An unexpected error occurred during connection handshake."],
  ] as const;
  for (const [request, error] of answers) {
    const client = await openRaw(echo.address);
    client.send(`${request}\x1e`);
    expect(await client.next()).toEqual({ error });
    expect(await client.closed).toBe(1000);
  }
  expect(echo.reasons).toEqual([]);
  const shouting = await openRaw(echo.address);
  shouting.send('{"protocol":"JSON","version":1}\x1e');
  expect(await shouting.next()).toEqual({});
  shouting.close();
});

test("[C5] a goodbye is answered", async () => {
  await using echo = startEcho({});
  for (const goodbye of ['{"type":7}\x1e', '{"type":7,"error":"of the client"}\x1e']) {
    const client = await openRaw(echo.address);
    client.send(handshake + goodbye);
    expect([await client.next(), await client.next(), await client.closed]).toEqual([{}, { type: 7 }, 1000]);
  }
  expect(echo.reasons).toEqual([{ kind: "client-closed" }, { kind: "client-failed", error: "of the client" }]);
});

test("[HS3] a handshake that never comes", async () => {
  await using echo = startEcho({ handshakeTimeout: 60 });
  const client = await openRaw(echo.address);
  expect(await client.next()).toEqual({ error: "Handshake was canceled." });
  await client.closed;
});

test("[T1][T2] pings, and the end of a client that pinged and fell silent", async () => {
  await using echo = startEcho({ keepAliveInterval: 60, clientTimeout: 150 });
  const silent = await openRaw(echo.address);
  const quiet = await openRaw(echo.address);
  for (const client of [silent, quiet]) {
    client.send(handshake);
    await client.next();
  }
  silent.send('{"type":6}\x1e');
  // On a machine that is busy the silent one may be given up before its first ping.
  expect(await quiet.next()).toEqual({ type: 6 });
  let last = await silent.next();
  while (JSON.stringify(last) === '{"type":6}') last = await silent.next();
  expect(last).toEqual({ type: 7, error: "Connection closed with an error.", allowReconnect: true });
  expect(echo.reasons).toEqual([{ kind: "timed-out" }]);
  quiet.send(invocation("1", "Echo", 1));
  last = await quiet.next();
  while (JSON.stringify(last) === '{"type":6}') last = await quiet.next();
  expect(last).toEqual({ type: 3, invocationId: "1", result: 1 });
  quiet.close();
});

test("[T3] a message that is never finished", async () => {
  await using echo = startEcho({ clientTimeout: 80 });
  const client = await openRaw(echo.address);
  client.send(`${handshake}{"type":`);
  expect(await client.next()).toEqual({});
  expect(await client.next()).toMatchObject({ type: 7, allowReconnect: true });
});

test("[P3][P4] messages too large or malformed end the connection with a close that invites back", async () => {
  await using echo = startEcho({ maximumMessageSize: 100 });
  for (const message of [invocation("1", "Echo", "x".repeat(100)), "nonsense\x1e"]) {
    const client = await openRaw(echo.address);
    client.send(handshake + message);
    expect(await client.next()).toEqual({});
    expect(await client.next()).toEqual({ type: 7, error: "Connection closed with an error.", allowReconnect: true });
    expect(await client.closed).toBe(1000);
  }
  expect(echo.reasons.map(({ kind }) => kind)).toEqual(["protocol-error", "protocol-error"]);
});

test("[D3] invocations run one after another, or start in order when more may run", async () => {
  for (const [maximumParallelInvocations, order] of [
    [1, ["30", "1"]],
    [2, ["1", "30"]],
  ] as const) {
    await using echo = startEcho({ maximumParallelInvocations });
    const client = await openRaw(echo.address);
    client.send(handshake + invocation("30", "EchoLater", 30) + invocation("1", "EchoLater", 1));
    await client.next();
    const answers = [await client.next(), await client.next()];
    expect(answers).toMatchObject(order.map((invocationId) => ({ invocationId })));
    client.close();
  }
});

test("[D3][E4][C3] the connect handler comes first, and its failure ends the connection", async () => {
  const order: string[] = [];
  await using slow = startEcho({
    async onConnected(connection) {
      await Bun.sleep(20);
      order.push("connected");
      connection.send("Message", "welcome");
    },
    onDisconnected: () => void order.push("disconnected"),
  });
  const client = await openRaw(slow.address);
  client.send(handshake + invocation("1", "Echo", 1));
  expect([await client.next(), await client.next(), await client.next()]).toMatchObject([
    {},
    { target: "Message", arguments: ["welcome"] },
    { invocationId: "1" },
  ]);
  const hasty = await openRaw(slow.address);
  hasty.send(handshake);
  await hasty.next();
  hasty.close();
  await Bun.sleep(40);
  expect(order).toEqual(["connected", "connected", "disconnected"]);
  client.close();

  await using failing = startEcho({
    onConnected() {
      throw new Error("secret");
    },
  });
  const unlucky = await openRaw(failing.address);
  unlucky.send(handshake);
  await unlucky.next();
  expect(await unlucky.next()).toEqual({ type: 7, error: "Connection closed with an error." });
  await unlucky.closed;
  expect(failing.reasons).toEqual([]);
});

test("[D4] a client is not read while too many of its invocations wait, and nothing is lost", async () => {
  await using echo = startEcho({ maximumQueuedInvocations: 3, maximumMessageSize: 128 });
  const client = await openRaw(echo.address);
  client.send(handshake + invocation("slow", "EchoLater", 20));
  const ids = Array.from({ length: 500 }, (_, index) => String(index));
  client.send(
    ids
      .slice(0, 250)
      .map((id) => invocation(id, "Echo", id))
      .join(""),
  );
  for (const id of ids.slice(250)) client.send(invocation(id, "Echo", id));
  await client.next();
  for (const invocationId of ["slow", ...ids]) expect(await client.next()).toMatchObject({ type: 3, invocationId });
  client.close();
});

test("[D4] a client that sends on while it is not read is ended", async () => {
  await using echo = startEcho({ maximumQueuedInvocations: 1 });
  const client = await openRaw(echo.address);
  client.send(handshake + invocation("1", "Never") + invocation("2", "Never"));
  await client.next();
  const filler = invocation("3", "Echo", "x".repeat(30_000));
  let last: unknown = null;
  const end = client.next().then((record) => {
    last = record;
  });
  for (let index = 0; index < 40; index++) client.send(filler);
  await Promise.race([end, Bun.sleep(200)]);
  if (last !== null) expect(last).toMatchObject({ type: 7, error: "Too much is waiting to be handled." });
  client.close();
});

test("[D12] nothing is kept of requests that nobody asks for", async () => {
  await using echo = startEcho({ methods: { IsKept: (call) => call.connection.request !== null } });
  const client = await openRaw(echo.address);
  client.send(handshake + invocation("1", "IsKept"));
  expect([await client.next(), await client.next()]).toMatchObject([{}, { result: false }]);
  client.close();
});

test("[N1][N2] negotiate", async () => {
  await using echo = startEcho({});
  const negotiate = (query: string, method = "POST") => fetch(`${echo.address}/negotiate${query}`, { method });
  const first = await negotiate("?NEGOTIATEVERSION=1");
  expect(first.headers.get("content-type")).toBe("application/json");
  expect(first.headers.get("content-length")).not.toBeNull();
  const body = await first.json();
  expect(body).toMatchObject({ negotiateVersion: 1 });
  expect(body.connectionId).toMatch(/^[\w-]{22}$/);
  expect(body.connectionToken).toMatch(/^[\w-]{22,}$/);
  expect(body.connectionId).not.toBe(body.connectionToken);
  expect(await (await negotiate("")).json()).toMatchObject({ negotiateVersion: 0 });
  expect(await (await negotiate("?negotiateVersion=9")).json()).toMatchObject({ negotiateVersion: 1 });
  for (const query of ["=x", "=", "=1.5", "=4294967296", "=1&negotiateVersion=1"])
    expect(await (await negotiate(`?negotiateVersion${query}`)).json()).toEqual({
      error: "The client requested a non-integer protocol version.",
    });
  expect((await negotiate("", "GET")).status).toBe(405);
});

test("[N3] a token opens one connection, a wrong one none", async () => {
  await using echo = startEcho({ handshakeTimeout: 100 });
  const negotiate = async () =>
    (await fetch(`${echo.address}/negotiate?negotiateVersion=1`, { method: "POST" })).json();
  const { connectionToken, connectionId } = await negotiate();
  const client = await openRaw(`${echo.address}?id=${connectionToken}`);
  await expect(openRaw(`${echo.address}?id=${connectionToken}`)).rejects.toThrow();
  await expect(openRaw(`${echo.address}?id=${connectionId}`)).rejects.toThrow();
  client.close();
  const late = await negotiate();
  await Bun.sleep(200);
  await expect(openRaw(`${echo.address}?id=${late.connectionToken}`)).rejects.toThrow();
});

test("[N3][H2] a token names its WebSocket to the end, before and after the handshake, and the public id never does", async () => {
  await using echo = startEcho({});
  const { connectionToken, connectionId } = await (
    await fetch(`${echo.address}/negotiate?negotiateVersion=1`, { method: "POST" })
  ).json();
  const upgrade = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
  const key = { "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==" };
  const requests: readonly RequestInit[] = [
    { headers: { ...upgrade, ...key } },
    { headers: { accept: "text/event-stream" } },
    {},
    { method: "POST", body: handshake },
    { method: "DELETE" },
  ];
  const answers = (id: string) =>
    Promise.all(requests.map(async (init) => (await fetch(`${echo.address}?id=${id}`, init)).status));
  const client = await openRaw(`${echo.address}?id=${connectionToken}`);
  const open = [409, 400, 400, 405, 400];
  expect(await answers(connectionToken)).toEqual(open);
  client.send(handshake);
  await client.next();
  expect(await answers(connectionToken)).toEqual(open);
  const unknown = [404, 404, 404, 404, 404];
  expect(await answers(connectionId)).toEqual(unknown);
  client.close();
  while ((await fetch(`${echo.address}?id=${connectionToken}`, { method: "DELETE" })).status !== 404)
    await Bun.sleep(5);
  expect(await answers(connectionToken)).toEqual(unknown);
});

test("[A1] a refused user gets an empty 401", async () => {
  await using server = startBunServer({ hubs: [chatHub] });
  const headers = { authorization: "Bearer refused" };
  const response = await fetch(`${server.address}/chat/negotiate`, { method: "POST", headers });
  expect([response.status, await response.text()]).toEqual([401, ""]);
  await expect(openRaw(`${server.address}/chat`, headers)).rejects.toThrow();
});

test("[A2][A3] origins", async () => {
  await using echo = startEcho({ allowedOrigins: (origin) => origin === "https://good.example" });
  const request = (origin: string, path: string, method: string) =>
    fetch(`${echo.address}${path}`, { method, headers: { origin } });
  const good = await request("https://good.example", "/negotiate", "POST");
  expect(good.headers.get("access-control-allow-origin")).toBe("https://good.example");
  expect(good.headers.get("access-control-allow-credentials")).toBe("true");
  const preflight = await request("https://good.example", "/negotiate", "OPTIONS");
  expect(preflight.headers.get("access-control-allow-methods")).toContain("DELETE");
  const bad = await request("https://bad.example", "/negotiate", "POST");
  expect([bad.status, bad.headers.get("access-control-allow-origin")]).toEqual([403, null]);
  await expect(openRaw(echo.address, { origin: "https://bad.example" })).rejects.toThrow();
  (await openRaw(echo.address, { origin: "https://good.example" })).close();

  await using own = startEcho({});
  (await openRaw(own.address, { origin: own.server.address })).close();
  await expect(openRaw(own.address, { origin: "https://good.example" })).rejects.toThrow();
});

test("[A4] the token of negotiate opens its own connection without being judged again, another user's none", async () => {
  const used = new Set<string>();
  const hub = defineHub<{ user: string; events: object }>()({
    path: "/tickets",
    async authenticate(_request, { token = "" }) {
      if (used.has(token)) return null;
      used.add(token);
      return { userId: token.slice(0, 3), user: token };
    },
    methods: {},
  });
  await using server = startBunServer({ hubs: [hub] });
  const address = `${server.address}/tickets`;
  const negotiate = async (token: string) =>
    (
      await fetch(`${address}/negotiate?negotiateVersion=1`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
      })
    ).json();
  const ada = await negotiate("ada-1");
  (await openRaw(`${address}?id=${ada.connectionToken}&access_token=ada-1`)).close();
  const bob = await negotiate("bob-1");
  await expect(openRaw(`${address}?id=${bob.connectionToken}&access_token=ada-1`)).rejects.toThrow();
  await expect(openRaw(`${address}?id=${bob.connectionToken}&access_token=ada-2`)).rejects.toThrow();
  (await openRaw(`${address}?id=${bob.connectionToken}&access_token=bob-2`)).close();
});

test("[A5] an expired identity is closed and may come back", async () => {
  await using echo = startEcho({
    keepAliveInterval: 50,
    authenticate: async () => ({ userId: "", user: undefined, expiresAt: Date.now() + 60 }),
  });
  const client = await openRaw(echo.address);
  client.send(handshake);
  let last = await client.next();
  while (JSON.stringify(last) === "{}" || JSON.stringify(last) === '{"type":6}') last = await client.next();
  expect(last).toEqual({ type: 7, allowReconnect: true });
});

test("[A6] a fresh token renews a live connection, another user's does not", async () => {
  const hub = defineHub<{ user: string; events: object }>()({
    path: "/renewed",
    keepAliveInterval: 50,
    async authenticate(_request, { token = "" }) {
      if (token === "bad") return null;
      return { userId: token.slice(0, 3), user: token, expiresAt: Date.now() + (token.endsWith("1") ? 500 : 60_000) };
    },
    methods: { Who: (call) => call.user },
  });
  await using server = startBunServer({ hubs: [hub] });
  const address = `${server.address}/renewed`;
  const post = (path: string, token: string) =>
    fetch(`${address}/${path}`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
  const { connectionToken: id } = await (await post("negotiate?negotiateVersion=1", "ada-1")).json();
  expect((await post(`refresh?id=${id}`, "ada-2")).status).toBe(404);
  const client = await openRaw(`${address}?id=${id}&access_token=ada-1`);
  client.send(handshake);
  await client.next();
  const status = async (token: string) => (await post(`refresh?id=${id}`, token)).status;
  expect([await status("bad"), await status("bob-2"), await status("ada-2")]).toEqual([401, 403, 200]);
  await Bun.sleep(700);
  client.send(invocation("1", "Who"));
  let answer = await client.next();
  while (JSON.stringify(answer) === '{"type":6}') answer = await client.next();
  expect(answer).toEqual({ type: 3, invocationId: "1", result: "ada-2" });
  client.close();
});

test("[N4] a client is sent elsewhere, and goes there with the token it is given", async () => {
  await using there = startBunServer({ hubs: [chatHub] });
  await using here = startEcho({ redirect: () => ({ url: `${there.address}/chat`, accessToken: "ada" }) });
  const client = new HubConnectionBuilder().withUrl(here.address).configureLogging(LogLevel.None).build();
  await client.start();
  expect(await client.invoke("WhoAmI")).toBe("ada");
  await client.stop();
});

test("[N5] a connection negotiated on one node opens its WebSocket on another that shares the key", async () => {
  const options = { hubs: [chatHub], tokenKey: "0123456789abcdef0123456789abcdef" };
  await using one = startBunServer(options);
  await using other = startBunServer(options);
  await using stranger = startBunServer({ hubs: [chatHub] });
  const negotiate = async () =>
    (await fetch(`${one.address}/chat/negotiate?negotiateVersion=1`, { method: "POST" })).json();
  const { connectionToken, connectionId } = await negotiate();
  await expect(openRaw(`${stranger.address}/chat?id=${connectionToken}`)).rejects.toThrow();
  await expect(openRaw(`${other.address}/chat?id=${connectionToken}&access_token=refused`)).rejects.toThrow();
  const client = await openRaw(`${other.address}/chat?id=${connectionToken}&access_token=ada`);
  client.send(handshake);
  await client.next();
  expect(other.signalr.hub(chatHub).connectionIds()).toEqual([connectionId]);
  await expect(openRaw(`${other.address}/chat?id=${connectionToken}`)).rejects.toThrow();
  client.close();
  // Where it was negotiated itself, a connection that is over is over.
  const own = await negotiate();
  const first = await openRaw(`${one.address}/chat?id=${own.connectionToken}`);
  first.send(handshake);
  await first.next();
  first.close();
  const here = one.signalr.hub(chatHub);
  while (here.connectionIds().length > 0) await Bun.sleep(5);
  await expect(openRaw(`${one.address}/chat?id=${own.connectionToken}`)).rejects.toThrow();
});

test("[S3] a client that does not read is cut off, others do not notice", async () => {
  await using echo = startEcho({});
  const deaf = await Bun.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(echo.address).port),
    socket: { data: () => undefined },
  });
  const key = "dGhlIHNhbXBsZSBub25jZQ==";
  deaf.write(
    `GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await Bun.sleep(20);
  const payload = new TextEncoder().encode(handshake);
  // An unmasked key of zeros leaves the payload as it is.
  deaf.write(Uint8Array.of(0x81, 0x80 | payload.length, 0, 0, 0, 0, ...payload));
  await Bun.sleep(20);
  deaf.pause();
  const other = await openRaw(echo.address);
  other.send(handshake);
  await other.next();
  const hub = echo.server.signalr.hub(echo.hub);
  expect(hub.lifetime.size).toBe(2);
  const [victim = ""] = hub.connectionIds();
  for (let index = 0; index < 40 && hub.lifetime.size > 1; index++) {
    hub.clients.connection(victim).send("Message", "x".repeat(500_000));
    await Bun.sleep(1);
  }
  expect(hub.lifetime.size).toBe(1);
  expect(echo.reasons).toEqual([{ kind: "connection-lost" }]);
  other.send(invocation("1", "Echo", 1));
  expect(await other.next()).toMatchObject({ invocationId: "1" });
  other.close();
  deaf.end();
});
