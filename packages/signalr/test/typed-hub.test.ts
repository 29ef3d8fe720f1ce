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
