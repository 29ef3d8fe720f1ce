import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { get } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { contractHub } from "../../src/testing/contract-hub.ts";
import { type BackplaneSetting, until } from "../../src/testing/contract-node.ts";
import { httpContract } from "../../src/testing/runtime-contract.ts";
import { ticketContract } from "../tickets/ticket-contract.ts";
import { handshake, invocation, PlainClient, patientHub, readUntil, startNodes } from "./contract-nodes.ts";

type Nodes = Awaited<ReturnType<typeof startNodes>>;

/** What requests to any node promise, over every backplane. */
export function forwardingContract(title: string, start: () => Promise<BackplaneSetting>): void {
  // Bun looks at the time-outs of its sockets every four seconds only.
  setDefaultTimeout(30_000);
  describe(title, () => {
    let setting: BackplaneSetting;
    let cluster: Nodes;
    beforeAll(async () => {
      setting = await start();
      cluster = await startNodes(3, setting.backplane);
    });
    afterAll(async () => {
      await cluster[Symbol.asyncDispose]();
      await setting[Symbol.asyncDispose]();
    });
    const addresses = () => {
      const [a = "", b = "", c = ""] = cluster.nodes.map(({ address }) => address);
      return { a, b, c };
    };

    httpContract(() => cluster.balancer.address);
    for (const transport of ["ServerSentEvents", "LongPolling"] as const) {
      ticketContract(transport, () => cluster.balancer.address);
    }
    test("[F1] most of these requests came to other nodes than their connection's", () => {
      const { own, other } = cluster.balancer.counts;
      expect(other).toBeGreaterThan(own);
      expect(own).toBeGreaterThan(0);
    });
    identity(addresses);
    bodies(addresses);
    unread(addresses);
    endings(
      () => cluster,
      () => setting,
    );
  });
}

/** Whose requests they are, and who sees what of them. */
export function identity(addresses: () => { a: string; b: string; c: string }): void {
  test("[F2] a method sees the request that reached another node, and the client's address", async () => {
    const { a, b } = addresses();
    const client = await PlainClient.negotiate(a);
    await client.poll(b);
    await client.post(a, handshake);
    expect(await client.poll(b)).toBe("{}\x1e");
    await client.post(b, invocation("Request"));
    const options = {
      localAddress: "127.0.0.5",
      headers: { authorization: "Bearer ada", "x-kept": "k" },
    };
    const polled = await new Promise<string>((resolve, reject) => {
      get(`${b}${client.target}&from=there`, options, (response) => resolve(text(response))).once("error", reject);
    });
    await client.post(b, invocation("Request"));
    const next = await client.poll(b);
    expect(polled).toContain('"result":["/contract"');
    expect(JSON.parse(String(next).slice(0, -1)).result).toEqual(["/contract", "there", "k", "127.0.0.5"]);
    expect((await client.request(b, { method: "DELETE" })).status).toBe(202);
  });

  test("[F2] another user is refused by the connection's node, a foreign page by the node it asks", async () => {
    const { a, b } = addresses();
    const client = await PlainClient.negotiate(a);
    const as = (token: string, method = "GET") =>
      client.request(b, { method, headers: { authorization: `Bearer ${token}` } });
    expect([(await as("eve")).status, (await as("refused")).status, (await as("eve", "POST")).status]).toEqual([
      403, 401, 403,
    ]);
    const page = { origin: "https://page.example" };
    const [here, there] = [await client.request(a, { headers: page }), await client.request(b, { headers: page })];
    const shown = ({ headers }: Response) => ["vary", "access-control-allow-origin"].map((name) => headers.get(name));
    expect(shown(there)).toEqual(shown(here));
    expect(shown(here)).toEqual(["Origin", "https://page.example"]);
    expect((await client.request(b, { method: "DELETE" })).status).toBe(202);
  });

  test("[F1][A6] a fresh token reaches a connection over any node", async () => {
    const { a, b, c } = addresses();
    const client = await PlainClient.negotiate(a);
    const reader = await client.listen(b);
    const refresh = (node: string, token: string) =>
      fetch(`${node}${client.target.replace("?", "/refresh?")}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
      });
    expect(await Promise.all(["ada", "eve", "refused"].map(async (token) => (await refresh(c, token)).status))).toEqual(
      [200, 403, 401],
    );
    await reader.cancel();
  });
}

/** What is posted to a node for a connection of another. */
export function bodies(addresses: () => { a: string; b: string; c: string }): void {
  test("[F3][H6] megabytes posted to another node arrive in order, with a length and without", async () => {
    const { a, b, c } = addresses();
    const client = await PlainClient.negotiate(a);
    const reader = await client.listen(c);
    const count = 400;
    const items = Array.from(
      { length: count },
      (_, index) => `{"type":2,"invocationId":"s",${" ".repeat(8000)}"item":"${index};"}\x1e`,
    );
    await client.post(
      b,
      `{"type":1,"invocationId":"join","target":"Join","arguments":[],"streamIds":["s"]}\x1e${items.slice(0, 200).join("")}`,
    );
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const item of items.slice(200)) controller.enqueue(new TextEncoder().encode(item));
        controller.close();
      },
    });
    await client.post(b, chunks);
    await client.post(c, '{"type":3,"invocationId":"s"}\x1e');
    const told = await readUntil(reader, '"type":3');
    const result = /"result":\["(.*?)"\]/.exec(told)?.[1] ?? told;
    expect([...result.matchAll(/(\d+);/g)].map(([, index]) => Number(index))).toEqual(
      Array.from({ length: count }, (_, index) => index),
    );
    await reader.cancel();
  });

  test("[F3][H6] a post that is slow holds up those behind it on the same node", async () => {
    const { a, b } = addresses();
    const client = await PlainClient.negotiate(a);
    await client.poll(b);
    const socket = () => connect(Number(new URL(b).port), "127.0.0.1");
    const [first, second] = [socket(), socket()];
    const head = (length: number) =>
      `POST ${client.target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\nContent-Length: ${length}\r\n\r\n`;
    first.write(head(handshake.length) + handshake.slice(0, 10));
    await Bun.sleep(50);
    const message = invocation("Echo", "later");
    second.write(head(message.length) + message);
    await Bun.sleep(50);
    first.write(handshake.slice(10));
    let polled = "";
    while (!polled.includes('"type":3')) polled += await client.poll(b);
    expect(polled).toStartWith("{}\x1e");
    first.destroy();
    second.destroy();
  });
}

/** What a client is sent that does not read it at another node. */
export function unread(addresses: () => { a: string; b: string; c: string }): void {
  test("[F3] a client that does not read the events of another node is cut off", async () => {
    const { a, b } = addresses();
    const client = await PlainClient.negotiate(a);
    const socket = connect(Number(new URL(b).port), "127.0.0.1");
    socket.on("error", () => undefined);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(
      `GET ${client.target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\nAccept: text/event-stream\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once("data", resolve));
    socket.pause();
    await client.post(a, handshake);
    const filler = invocation("EchoAndPush", "x".repeat(50_000));
    let sent = 0;
    let status = 200;
    while (status === 200 && sent < 400) {
      ({ status } = await client.post(a, filler));
      sent++;
    }
    expect(status).toBe(404);
    socket.resume();
    await closed;
    expect(socket.bytesRead).toBeLessThan(2 * sent * filler.length);
  });
}

function endings(cluster: () => Nodes, setting: () => BackplaneSetting): void {
  const hubOn = (index: number) => cluster().nodes[index]?.signalr.hub(contractHub);
  const addresses = () => cluster().nodes.map(({ address }) => address);

  test("[F4] a client that leaves another node is gone for its own, and one that polls again loses nothing", async () => {
    const [a = "", b = "", c = ""] = addresses();
    const listening = await PlainClient.negotiate(a);
    const aborter = new AbortController();
    await listening.listen(b, aborter.signal);
    await until(() => hubOn(0)?.connection(listening.connectionId) !== undefined);
    aborter.abort();
    await until(() => hubOn(0)?.connection(listening.connectionId) === undefined);

    const polling = await PlainClient.negotiate(a);
    await polling.poll(b);
    await polling.post(b, handshake);
    expect(await polling.poll(b)).toBe("{}\x1e");
    const away = new AbortController();
    const poll = polling.poll(b, away.signal).catch(() => "aborted");
    await Bun.sleep(50);
    away.abort();
    expect(await poll).toBe("aborted");
    await Bun.sleep(50);
    hubOn(0)?.here.connection(polling.connectionId).send("Message", "kept");
    expect(await polling.poll(c)).toContain('"kept"');
    expect((await polling.request(c, { method: "DELETE" })).status).toBe(202);
  });

  test("[F6] a node that shuts down sends the polls of others away, ends their streams, and says goodbye to its own", async () => {
    await using pair = await startNodes(2, setting().backplane);
    const [one, other] = pair.nodes;
    if (one === undefined || other === undefined) throw new Error("There are two.");
    const polling = await PlainClient.negotiate(one.address, "/patient");
    await polling.poll(other.address);
    await polling.post(other.address, handshake);
    expect(await polling.poll(other.address)).toBe("{}\x1e");
    const [poll, events] = [polling.request(other.address), await PlainClient.negotiate(one.address)];
    const reader = await events.listen(other.address);
    expect(await readUntil(reader, "{}\x1e")).toContain("{}");
    const own = await PlainClient.negotiate(other.address);
    const ownReader = await own.listen(one.address);
    expect(await readUntil(ownReader, "{}\x1e")).toContain("{}");
    await other.signalr.shutdown();
    const answer = await poll;
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    expect(await readUntil(reader, "nothing more")).toEndWith("<end>");
    const goodbye = '{"type":7,"allowReconnect":true}';
    expect(await readUntil(ownReader, "nothing more")).toContain(goodbye);
    one.signalr.hub(patientHub).here.connection(polling.connectionId).send("Message", "still here");
    expect(await polling.poll(one.address)).toContain('"still here"');
    expect((await own.request(one.address)).status).toBe(404);
  });

  test("[F4] a connection whose node is gone is not found, at once", async () => {
    const [a = ""] = addresses();
    const gone = await startNodes(1, setting().backplane);
    const client = await PlainClient.negotiate(gone.nodes[0]?.address ?? "");
    await gone[Symbol.asyncDispose]();
    const start = performance.now();
    const answer = await client.request(a);
    expect([answer.status, await answer.text()]).toEqual([404, "No Connection with that ID"]);
    expect(performance.now() - start).toBeLessThan(2000);
  });
}
