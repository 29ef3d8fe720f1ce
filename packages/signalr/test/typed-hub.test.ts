import { expect, test } from "bun:test";
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { z } from "zod";
import { anonymous, defineHub, HubUnauthorizedError, method, rateLimit, typedClient } from "../src/index.ts";
import { startBunServer } from "./bun-server.ts";

interface Types {
  readonly user: undefined;
  readonly events: { readonly Joined: { readonly room: string } };
}

let now = 0;
const seen: string[] = [];

const hub = defineHub<Types>()({
  path: "/typed",
  authenticate: anonymous,
  methods: {
    Join: method(z.tuple([z.string().trim(), z.number().int()]), (call, room, places) => {
      call.connection.send("Joined", { room });
      return { room, places };
    }),
    Shout: method(z.tuple([z.string()]), async (_call, text) => text.toUpperCase()),
    Forbidden: () => "never",
    Limited: () => "done",
  },
  streams: {
    Count: method(z.tuple([z.number().int()]), (_call, count) => Array.from({ length: count }, (_, index) => index)),
  },
  filters: [
    (call, args, next) => {
      seen.push(call.target);
      return next(args);
    },
    (call, args, next) => {
      if (call.target === "Forbidden") throw new HubUnauthorizedError();
      return call.target === "Shout" ? next([`${args[0]}!`]) : next(args);
    },
    rateLimit({
      burst: 2,
      perSecond: 1,
      methods: ["limited"],
      error: "RATE_LIMITED: Wait.",
      clock: { now: () => now, repeat: () => () => undefined },
    }),
  ],
});

async function connect() {
  const server = startBunServer({ hubs: [hub] });
  const connection = new HubConnectionBuilder()
    .withUrl(`${server.address}/typed`)
    .configureLogging(LogLevel.None)
    .build();
  await connection.start();
  return {
    connection,
    client: typedClient<typeof hub>(connection),
    async [Symbol.asyncDispose]() {
      await connection.stop();
      await server[Symbol.asyncDispose]();
    },
  };
}

const failure = (promise: Promise<unknown>) => promise.then(String, (error: Error) => error.message);

test("[D10] methods with schemas, and a client typed by the hub", async () => {
  await using session = await connect();
  const { client, connection } = session;
  const rooms: string[] = [];
  const stop = client.on("Joined", ({ room }) => rooms.push(room));
  const joined: { room: string; places: number } = await client.invoke("Join", " hall ", 3);
  expect(joined).toEqual({ room: "hall", places: 3 });
  stop();
  await client.invoke("Join", "again", 1);
  expect(rooms).toEqual(["hall"]);
  // @ts-expect-error the second argument is a number
  expect(await failure(client.invoke("Join", "hall", "three"))).toContain("HubException: Invalid arguments:");
  // @ts-expect-error there is no such method
  expect(await failure(client.invoke("Absent"))).toContain("Method does not exist.");
  expect(await failure(connection.invoke("Join"))).toContain("Invalid arguments:");
});

test("[E5] arguments that do not fit are told before the wrong way of invoking", async () => {
  await using session = await connect();
  const { connection } = session;
  const invoked = (...args: unknown[]) => failure(connection.invoke("Count", ...args));
  const streamed = (...args: unknown[]) =>
    new Promise((resolve) =>
      connection.stream("Join", ...args).subscribe({
        next: resolve,
        complete: () => resolve("complete"),
        error: ({ message }) => resolve(message),
      }),
    );
  const unfit = "HubException: Invalid arguments:";
  expect(await invoked(3, 4)).toContain(`invoking 'Count' on the server. ${unfit}`);
  expect(await invoked("three")).toContain(unfit);
  expect(await streamed("hall")).toContain(`invoking 'Join' on the server. ${unfit}`);
  expect(await invoked(3)).toContain("streaming 'Count' method with a non-streaming invocation.");
  expect(await streamed("hall", 3)).toContain("non-streaming 'Join' method with a streaming invocation.");
  // Without an id there is nobody to tell, and the connection goes on.
  await connection.send("Count", "three");
  expect(await session.client.invoke("Join", "hall", 3)).toEqual({ room: "hall", places: 3 });
});

test("[D11] filters run around every method, in their order, and may change, refuse and limit calls", async () => {
  await using session = await connect();
  seen.length = 0;
  expect(await session.client.invoke("Shout", "hey")).toBe("HEY!");
  expect(await failure(session.client.invoke("Forbidden"))).toBe(
    "Failed to invoke 'Forbidden' because user is unauthorized",
  );
  expect(seen).toEqual(["Shout", "Forbidden"]);
  const limited = () => failure(session.client.invoke("Limited"));
  expect([await limited(), await limited(), await limited()]).toEqual(["done", "done", "RATE_LIMITED: Wait."]);
  now += 1000;
  expect([await limited(), await limited()]).toEqual(["done", "RATE_LIMITED: Wait."]);
});
