import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { frame, HostileSocket } from "../../test/hostile/hostile-socket.ts";

// On a machine that is busy three hundred posts, one after another, take seconds.
setDefaultTimeout(30_000);

/** A server of the contract hub, wherever it runs. */
export interface ContractServer {
  /** Like `http://127.0.0.1:8080`. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * What every runtime owes to requests; `test/official` has what it owes the official client.
 * @param closeWithoutCode what a client sees that closes its WebSocket without a code
 */
export function runtimeContract(
  runtime: string,
  closeWithoutCode: 1000 | 1005,
  start: () => Promise<ContractServer>,
): void {
  describe(runtime, () => {
    let server: ContractServer;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());
    httpContract(() => server.address);

    test("[C5] a close without a code is answered, by 1000 where the runtime asks what to answer", async () => {
      const closed = async (payload: Uint8Array) => {
        const socket = await HostileSocket.upgrade(server.address, "/contract");
        await socket.write(frame(payload, { kind: "close" }));
        return socket.outcome(5000);
      };
      expect(await closed(Uint8Array.of())).toBe(`closed ${closeWithoutCode}`);
      expect(await closed(Uint8Array.of(1000 >> 8, 1000 & 255))).toBe("closed 1000");
    });

    test("[C4][E4] the answer to a close is read, also of a client that was not read before", async () => {
      const socket = await HostileSocket.upgrade(server.address, "/contract?access_token=failing%20late");
      await socket.write(frame('{"protocol":"json","version":1}\x1e'));
      await socket.until(() => socket.received.length > 0);
      await socket.write(frame('{"type":6}\x1e'));
      expect(await socket.outcome(4000)).toBe("closed 1000");
      await socket.write(frame(Uint8Array.of(1000 >> 8, 1000 & 255), { kind: "close" }));
      await Promise.race([socket.until(() => false), Bun.sleep(3000)]);
      expect(socket.isOpen).toBe(false);
    });
  });
}

export function httpContract(address: () => string): void {
  const hub = () => `${address()}/contract`;
  const negotiate = async () => (await fetch(`${hub()}/negotiate?negotiateVersion=1`, { method: "POST" })).json();
  const events = { accept: "text/event-stream" };
  const status = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${hub()}${path}`, init);
    return [response.status, await response.text()];
  };

  test("[H1] requests that name no connection, an unknown one, or come in a wrong way", async () => {
    expect(await status("")).toEqual([400, "Connection ID required"]);
    expect(await status("?id=unknown")).toEqual([404, "No Connection with that ID"]);
    expect(await status("?id=unknown", { method: "POST" })).toEqual([404, "No Connection with that ID"]);
    expect((await status("?id=unknown", { method: "PUT" }))[0]).toBe(405);
    expect((await fetch(`${address()}/nothing-here`)).status).toBe(404);
  });

  test("[R2] an answer arrives whole, a refused upgrade's too", async () => {
    const negotiated = await fetch(`${hub()}/negotiate`, { method: "POST" });
    expect(negotiated.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
    const key = { "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };
    const refused = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${hub()}?id=unknown`, { headers: { ...headers, ...key } }, resolve).once("error", reject);
    });
    expect([refused.statusCode, refused.statusMessage]).toEqual([404, "Not Found"]);
    expect(refused.headers).toMatchObject({ "set-cookie": ["a=1", "b=2"], "www-authenticate": "Bearer" });
    expect(await text(refused)).toBe("No Connection with that ID");
  });

  test("[A3] pages of allowed origins may send the headers they ask for", async () => {
    const headers = { origin: "https://page.example", "access-control-request-headers": "x-header,x-requested-with" };
    const answer = await fetch(`${hub()}/negotiate`, { method: "OPTIONS", headers });
    expect(answer.headers.get("access-control-allow-headers")).toBe("x-header,x-requested-with");
    expect(answer.headers.get("vary")).toContain("Access-Control-Request-Headers");
  });

  test("[H2] a connection keeps its transport, and has one stream of events", async () => {
    const { connectionToken: id } = await negotiate();
    expect(await status(`?id=${id}`)).toEqual([200, ""]);
    expect(await status(`?id=${id}`, { headers: events })).toEqual([400, "Cannot change transports mid-connection"]);
    const other = (await negotiate()).connectionToken;
    const aborter = new AbortController();
    const stream = await fetch(`${hub()}?id=${other}`, { headers: events, signal: aborter.signal });
    expect(stream.headers.get("content-type")).toStartWith("text/event-stream");
    const reader = stream.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toStartWith(":");
    expect(await status(`?id=${other}`, { headers: events })).toEqual([409, ""]);
    const notThis = "Cannot terminate this connection using the DELETE endpoint.";
    expect(await status(`?id=${other}`, { method: "DELETE" })).toEqual([400, notThis]);
    aborter.abort();
  });

  test("[H3] polls: a newer one ends the older, one without data ends empty, none follows the end", async () => {
    const { connectionToken: id } = await negotiate();
    const poll = () => status(`?id=${id}`);
    expect(await poll()).toEqual([200, ""]);
    await status(`?id=${id}`, { method: "POST", body: '{"protocol":"json","version":1}\x1e' });
    expect(await poll()).toEqual([200, "{}\x1e"]);
    const older = poll();
    await Bun.sleep(50);
    const newer = poll();
    expect(await older).toEqual([204, ""]);
    expect(await newer).toEqual([200, ""]);
    const last = poll();
    await Bun.sleep(50);
    expect((await status(`?id=${id}`, { method: "DELETE" }))[0]).toBe(202);
    expect(await last).toEqual([204, ""]);
    expect((await poll())[0]).toBe(204);
    const unknown = [404, "No Connection with that ID"];
    expect(await status(`?id=${id}`, { method: "POST", body: '{"type":6}\x1e' })).toEqual(unknown);
  });

  test("[H4] a client that polls no more is taken for gone", async () => {
    const hasty = `${address()}/hasty`;
    const { connectionToken: id } = await (
      await fetch(`${hasty}/negotiate?negotiateVersion=1`, { method: "POST" })
    ).json();
    const poll = async () => (await fetch(`${hasty}?id=${id}`)).status;
    expect(await poll()).toBe(200);
    await Bun.sleep(1500);
    expect(await poll()).toBeOneOf([204, 404]);
  });

  test("[H5] MessagePack is refused on server-sent events", async () => {
    const { connectionToken: id } = await negotiate();
    const stream = await fetch(`${hub()}?id=${id}`, { headers: events });
    await status(`?id=${id}`, { method: "POST", body: '{"protocol":"messagepack","version":1}\x1e' });
    expect(await stream.text()).toContain("The transport does not support 'Binary' transfer format.");
  });
}
