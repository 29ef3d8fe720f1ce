import { expect, test } from "bun:test";
import { HubConnectionBuilder, LogLevel, Subject } from "@microsoft/signalr";
import { anonymous, defineHub } from "../src/index.ts";
import { startBunServer } from "./bun-server.ts";
import { handshake, openRaw } from "./raw-client.ts";

interface Types {
  readonly user: undefined;
  readonly events: { readonly Ask: string; readonly Cleaned: string };
}

let served = 0;

const hub = defineHub<Types>()({
  path: "/streams",
  authenticate: anonymous,
  maximumStreams: 3,
  methods: {
    async Sum(call, start) {
      let sum = Number(start);
      for await (const item of call.streams[0] ?? []) sum += Number(item);
      return sum;
    },
    Ignore: () => "ignored",
    async AskMe(call, question) {
      return call.whileWaiting(call.clients.connection(call.connectionId).invoke("Ask", String(question)));
    },
    Header: (call) => call.headers["trace"],
    Echo: (_call, value) => value,
  },
  streams: {
    Count: (_call, count) => Array.from({ length: Number(count) }, (_, index) => index),
    async *Forever(call) {
      try {
        for (served = 0; ; served++) yield served;
      } finally {
        call.connection.send("Cleaned", "up");
      }
    },
    Silent: (call) => ({
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<unknown>>(() => undefined),
        return: async () => {
          call.connection.send("Cleaned", String(call.signal.aborted));
          return { done: true, value: undefined };
        },
      }),
    }),
    async *Break() {
      yield 1;
      throw new Error("secret");
    },
    NoStream: () => null,
    async *Double(call) {
      for await (const item of call.streams[0] ?? []) yield Number(item) * 2;
    },
  },
});

const server = startBunServer({ hubs: [hub] });

async function start() {
  const client = new HubConnectionBuilder()
    .withUrl(`${server.address}/streams`)
    .configureLogging(LogLevel.None)
    .build();
  await client.start();
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client.stop();
    },
  };
}

function collect(client: Awaited<ReturnType<typeof start>>["client"], method: string, ...args: unknown[]) {
  const items: unknown[] = [];
  return new Promise<unknown[]>((resolve) => {
    client.stream(method, ...args).subscribe({
      next: (item) => items.push(item),
      error: (error: Error) => resolve([...items, error.message]),
      complete: () => resolve(items),
    });
  });
}

test("[D6] a server's stream, its failure, and what is no stream", async () => {
  await using session = await start();
  expect(await collect(session.client, "Count", 1000)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  expect(await collect(session.client, "Count", 0)).toEqual([]);
  expect(await collect(session.client, "Break")).toEqual([
    1,
    "An error occurred on the server while streaming results.",
  ]);
  expect(await collect(session.client, "NoStream")).toEqual([
    "An error occurred on the server while streaming results.",
  ]);
});

test("[D5][D6] a cancelled stream ends at once and cleans up, even if it never yields", async () => {
  await using session = await start();
  const cleaned = new Promise((resolve) => session.client.on("Cleaned", resolve));
  session.client
    .stream("Silent")
    .subscribe({ next: () => undefined, error: () => undefined, complete: () => undefined })
    .dispose();
  expect(await cleaned).toBe("true");
});

test("[D6] an endless stream leaves room for others", async () => {
  await using session = await start();
  const cleaned = new Promise((resolve) => session.client.on("Cleaned", resolve));
  const subscription = session.client
    .stream("Forever")
    .subscribe({ next: () => undefined, error: () => undefined, complete: () => undefined });
  expect(await session.client.invoke("Echo", 1)).toBe(1);
  subscription.dispose();
  expect(await cleaned).toBe("up");
});

test("[D6] a cancelled stream is completed on the wire", async () => {
  const client = await openRaw(`${server.address}/streams`);
  client.send(
    `${handshake}{"type":4,"invocationId":"1","target":"Silent","arguments":[]}\x1e{"type":5,"invocationId":"1"}\x1e`,
  );
  expect([await client.next(), await client.next()]).toEqual([{}, { type: 1, target: "Cleaned", arguments: ["true"] }]);
  expect(await client.next()).toEqual({ type: 3, invocationId: "1" });
  client.close();
});

test("[D7] a client's stream, many items of it, an ignored one, and its failure", async () => {
  await using session = await start();
  const upload = (items: number, fails = false) => {
    const subject = new Subject<number>();
    setTimeout(() => {
      for (let item = 1; item <= items; item++) subject.next(item);
      if (fails) subject.error("broken");
      else subject.complete();
    });
    return subject;
  };
  expect(await session.client.invoke("Sum", 10, upload(3))).toBe(16);
  expect(await session.client.invoke("Sum", 0, upload(2000))).toBe(2_001_000);
  expect(await session.client.invoke("Ignore", upload(100))).toBe("ignored");
  expect(await session.client.invoke("Echo", 1)).toBe(1);
  expect(await collect(session.client, "Double", upload(30))).toEqual(
    Array.from({ length: 30 }, (_, index) => (index + 1) * 2),
  );
  const failed = await session.client.invoke("Sum", 0, upload(2, true)).catch((error: Error) => error.message);
  expect(failed).toBe("An unexpected error occurred invoking 'Sum' on the server. HubException: broken");
});

test("[D8] a client's result, while its own method waits for it", async () => {
  await using session = await start();
  session.client.on("Ask", async (question: string) => `${question}? ${await session.client.invoke("Echo", "yes")}`);
  expect(await session.client.invoke("AskMe", "well")).toBe("well? yes");
  const clients = server.signalr.hub(hub).clients;
  const error = (id: string) => clients.connection(id).invoke("Ask", "x").catch(String);
  expect(await error("nobody")).toBe("Error: Connection 'nobody' does not exist.");
  session.client.off("Ask");
  expect(await error(session.client.connectionId ?? "")).toBe("HubException: Client didn't provide a result.");
  const patience = { signal: AbortSignal.timeout(10) };
  const never = clients.connection(session.client.connectionId ?? "", patience).invoke("Ask", "x");
  session.client.on("Ask", () => new Promise(() => undefined));
  await expect(never).rejects.toThrow();
  const id = session.client.connectionId ?? "";
  const gone = error(id);
  await session.client.stop();
  expect(await gone).toBe(`Error: Connection '${id}' disconnected.`);
});

test("[D8] only the connection that was asked can answer", async () => {
  const [asked, other] = await Promise.all([
    openRaw(`${server.address}/streams`),
    openRaw(`${server.address}/streams`),
  ]);
  for (const client of [asked, other]) {
    client.send(handshake);
    await client.next();
  }
  const ids = server.signalr.hub(hub).connectionIds();
  const result = server.signalr
    .hub(hub)
    .clients.connection(ids[0] ?? "")
    .invoke("Ask", "who");
  const question = await asked.next();
  const { invocationId } = Object(question);
  other.send(`{"type":3,"invocationId":"${invocationId}","result":"forged"}\x1e`);
  expect(await other.next()).toMatchObject({ type: 7, error: "Connection closed with an error." });
  asked.send(`{"type":3,"invocationId":"${invocationId}","result":"true"}\x1e`);
  expect(await result).toBe("true");
  asked.close();
  other.close();
});

test("[D9][E5] headers, wrong kinds of call, ids in use and too many streams", async () => {
  const client = await openRaw(`${server.address}/streams`);
  const messages = [
    { type: 1, invocationId: "1", target: "Header", arguments: [], headers: { trace: "abc" } },
    { type: 1, invocationId: "2", target: "Count", arguments: [] },
    { type: 4, invocationId: "3", target: "Echo", arguments: [] },
  ];
  const streams = ["4", "4", "5", "6", "7"].map((invocationId) => ({
    type: 4,
    invocationId,
    target: "Silent",
    arguments: [],
  }));
  const send = (all: readonly object[]) => client.send(all.map((message) => `${JSON.stringify(message)}\x1e`).join(""));
  const answers = new Map<unknown, unknown>();
  const receive = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const { invocationId, ...rest } = Object(await client.next());
      answers.set(invocationId, rest.error ?? rest.result);
    }
  };
  client.send(handshake);
  await client.next();
  send(messages);
  await receive(3);
  send(streams);
  await receive(2);
  expect(Object.fromEntries(answers)).toEqual({
    1: "abc",
    2: "The client attempted to invoke the streaming 'Count' method with a non-streaming invocation.",
    3: "The client attempted to invoke the non-streaming 'Echo' method with a streaming invocation.",
    4: "Invocation ID '4' is already in use.",
    7: "Too many streams are open.",
  });
  client.close();
});
