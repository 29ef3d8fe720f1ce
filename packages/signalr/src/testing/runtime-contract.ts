import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import {
  HttpTransportType,
  type HubConnection,
  HubConnectionBuilder,
  JsonHubProtocol,
  LogLevel,
  Subject,
} from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";

// On a machine that is busy three hundred posts, one after another, take seconds.
setDefaultTimeout(30_000);

/** A server of the contract hub, wherever it runs. */
export interface ContractServer {
  /** Like `http://127.0.0.1:8080`. */
  readonly address: string;
  stop(): Promise<void>;
}

const transports = {
  WebSockets: HttpTransportType.WebSockets,
  ServerSentEvents: HttpTransportType.ServerSentEvents,
  LongPolling: HttpTransportType.LongPolling,
} as const;

const protocols = { json: () => new JsonHubProtocol(), messagepack: () => new MessagePackHubProtocol() } as const;

/** Server-sent events are text: MessagePack cannot travel on them. */
const combinations = [
  ["WebSockets", "json"],
  ["WebSockets", "messagepack"],
  ["ServerSentEvents", "json"],
  ["LongPolling", "json"],
  ["LongPolling", "messagepack"],
] as const;

/** What every runtime owes the official client, on each transport and with each protocol. */
export function runtimeContract(runtime: string, start: () => Promise<ContractServer>): void {
  describe(runtime, () => {
    let server: ContractServer;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());
    for (const [transport, protocol] of combinations) {
      for (const statefulReconnect of transport === "WebSockets" ? [false, true] : [false]) {
        const title = `${transport} ${protocol}${statefulReconnect ? " stateful" : ""}`;
        describe(title, () => callsContract(() => build(server.address, transport, protocol, statefulReconnect)));
      }
    }
    httpContract(() => server.address);
  });
}

function build(
  address: string,
  transport: keyof typeof transports,
  protocol: keyof typeof protocols,
  stateful: boolean,
) {
  const builder = new HubConnectionBuilder()
    .withUrl(`${address}/contract?from=here`, {
      transport: transports[transport],
      accessTokenFactory: () => "ada",
      headers: { "x-kept": "contract" },
    })
    .withHubProtocol(protocols[protocol]())
    .configureLogging(LogLevel.None);
  return { client: (stateful ? builder.withStatefulReconnect() : builder).build(), transport, protocol };
}

type Built = ReturnType<typeof build>;

async function withClient(
  make: () => Built,
  use: (client: HubConnection, built: Built) => Promise<void>,
): Promise<void> {
  const built = make();
  await built.client.start();
  try {
    await use(built.client, built);
  } finally {
    await built.client.stop();
  }
}

function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (value) => `no error but ${value}`,
    (error: Error) => error.message,
  );
}

function collect(client: HubConnection, method: string, ...args: unknown[]): Promise<unknown[]> {
  const items: unknown[] = [];
  return new Promise((resolve) => {
    client.stream(method, ...args).subscribe({
      next: (item) => items.push(item),
      error: (error: Error) => resolve([...items, error.message]),
      complete: () => resolve(items),
    });
  });
}

function uploadOf(count: number): Subject<number> {
  const subject = new Subject<number>();
  setTimeout(() => {
    for (let item = 0; item < count; item++) subject.next(1);
    subject.complete();
  });
  return subject;
}

function callsContract(make: () => Built): void {
  test("[R1][D1][D2] plain invocations", () =>
    withClient(make, async (client, { transport, protocol }) => {
      const value = { text: "é 👋\n\r\u2028", list: [1, -2.5, null, true], nested: { a: {} } };
      expect(await client.invoke("Echo", value)).toEqual(value);
      expect(await client.invoke("echo", "x".repeat(40_000))).toHaveLength(40_000);
      expect(await client.invoke("Nothing")).toBeNull();
      expect(await client.invoke("WhoAmI")).toBe("ada");
      expect([await client.invoke("Transport"), await client.invoke("Protocol")]).toEqual([transport, protocol]);
    }));

  test("[R1][D12] the request that carries the connection", () =>
    withClient(make, async (client) => {
      const seen = ["/contract", "here", "contract", "127.0.0.1"];
      expect(await client.invoke("Request")).toEqual(seen);
      expect(await client.invoke("Request")).toEqual(seen);
    }));

  test("[R1][E1][E2][E3] errors", () =>
    withClient(make, async (client) => {
      expect(await failure(client.invoke("Refuse"))).toBe("FORBIDDEN: not here.");
      expect(await failure(client.invoke("Fail"))).toBe("An unexpected error occurred invoking 'Fail' on the server.");
      expect(await failure(client.invoke("FailOpenly"))).toEndWith("'FailOpenly' on the server. HubException: told");
      expect(await failure(client.invoke("Absent"))).toContain("Method does not exist.");
    }));

  test("[R1][S1] a thousand pushes and their completion, in order", () =>
    withClient(make, async (client) => {
      const received: unknown[] = [];
      client.on("Message", (index) => received.push(index));
      expect(await client.invoke("Push", 1000)).toBe(1000);
      expect(received).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    }));

  test("[P8] what a client sends at once may come as one large frame", () =>
    withClient(make, async (client) => {
      const texts = Array.from({ length: 40 }, (_, index) => `${index} ${"x".repeat(16_000)}`);
      expect(await Promise.all(texts.map((text) => client.invoke("Echo", text)))).toEqual(texts);
    }));

  test("[R1][D6][D7] streams both ways, their failure and cancellation", () =>
    withClient(make, async (client) => {
      expect(await collect(client, "Count", 200)).toEqual(Array.from({ length: 200 }, (_, index) => index));
      const broken = "An error occurred on the server while streaming results. HubException: broken";
      expect(await collect(client, "Break")).toEqual([1, broken]);
      expect(await client.invoke("Sum", uploadOf(300))).toBe(300);
      let items = 0;
      const enough = new Promise<void>((resolve) => {
        const subscription = client.stream("Forever").subscribe({
          next() {
            items++;
            if (items < 100) return;
            subscription.dispose();
            resolve();
          },
          error: () => undefined,
          complete: () => undefined,
        });
      });
      await enough;
      expect(await client.invoke("Echo", "alive")).toBe("alive");
    }));

  test("[R1][T1] silence longer than a keep-alive or a poll", () =>
    withClient(make, async (client) => {
      await Bun.sleep(700);
      expect(await client.invoke("Echo", 1)).toBe(1);
    }));

  test("[R1][C1] closed by the hub, with an error and without", async () => {
    for (const error of ["Go away.", null]) {
      const { client } = make();
      await client.start();
      const closed = new Promise<string | undefined>((resolve) => client.onclose((reason) => resolve(reason?.message)));
      await client.send("Close", error);
      const message = await closed;
      if (error === null) expect(message).toBeUndefined();
      else expect(message).toContain(error);
    }
  });
}

function httpContract(address: () => string): void {
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
    const { connectionToken: id } = await negotiate();
    await status(`?id=${id}`);
    await Bun.sleep(2500);
    expect((await status(`?id=${id}`))[0]).toBeOneOf([204, 404]);
  });

  test("[H5] MessagePack is refused on server-sent events", async () => {
    const { connectionToken: id } = await negotiate();
    const stream = await fetch(`${hub()}?id=${id}`, { headers: events });
    await status(`?id=${id}`, { method: "POST", body: '{"protocol":"messagepack","version":1}\x1e' });
    expect(await stream.text()).toContain("The transport does not support 'Binary' transfer format.");
  });
}
