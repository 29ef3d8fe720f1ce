import { expect, test } from "bun:test";
import { type HubConnection, HubConnectionBuilder, JsonHubProtocol, LogLevel } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { anonymous, defineHub, type HubContext, typedClient } from "../src/index.ts";
import { startBunServer } from "./bun-server.ts";

interface Types {
  readonly user: undefined;
  readonly events: {
    readonly Moved: { readonly x: number };
    readonly Named: string | null;
    Rang(): void;
    Said(room: string, text: string): void;
    Counted(first: number, ...rest: readonly number[]): void;
    Choose(one: string, other: string, hint?: string): string;
  };
}

/** @param nativeRoomSize from which on the runtime itself writes to a group */
const makeHub = (nativeRoomSize: number) =>
  defineHub<Types>()({
    path: "/events",
    authenticate: anonymous,
    nativeRoomSize,
    onConnected: (connection) => connection.send("Said", "hall", "welcome"),
    methods: { Echo: (_call, value) => value },
  });

function build(address: string, protocol: JsonHubProtocol | MessagePackHubProtocol): HubConnection {
  return new HubConnectionBuilder()
    .withUrl(`${address}/events`)
    .withHubProtocol(protocol)
    .configureLogging(LogLevel.None)
    .build();
}

for (const nativeRoomSize of [1, 1000]) {
  test(`[S5] events of any number of arguments, in both protocols, natively from ${nativeRoomSize} members`, async () => {
    const hub = makeHub(nativeRoomSize);
    await using server = startBunServer({ hubs: [hub] });
    const { clients, lifetime } = server.signalr.hub(hub);
    for (const protocol of [new JsonHubProtocol(), new MessagePackHubProtocol()]) {
      const connection = build(server.address, protocol);
      const client = typedClient<typeof hub>(connection);
      const received: unknown[] = [];
      client.on("Moved", ({ x, ...rest }) => received.push([x, rest]));
      client.on("Rang", (...args) => received.push(args));
      client.on("Said", (room, text) => received.push(`${room}: ${text.trim()}`));
      client.on("Counted", (...numbers) => received.push(numbers.reduce((sum, number) => sum + number)));
      await connection.start();
      const id = connection.connectionId ?? "";
      lifetime.addToGroup(id, "room");
      clients.group("room").send("Said", "hall", "hello ");
      clients.group("room").send("Rang");
      clients.groupExcept("room", ["nobody"]).send("Counted", 1, 2, 3);
      clients.all.send("Counted", 4);
      clients.connection(id).send("Moved", { x: 1 });
      await connection.invoke("Echo", 1);
      expect(received).toEqual(["hall: welcome", "hall: hello", [], 6, 4, [1, {}]]);
      client.on("Choose", (one, other, hint) => `${other}, not ${one} (${hint})`);
      expect(await clients.connection(id).invoke("Choose", "tea", "milk")).toBe("milk, not tea (undefined)");
      expect(await clients.connection(id).invoke("Choose", "tea", "milk", "hot")).toBe("milk, not tea (hot)");
      await connection.stop();
    }
  });
}

/** Never runs: the compiler judges it. */
export function eventsAreTyped({ clients }: HubContext<Types>, connection: HubConnection): void {
  clients.all.send("Named", Math.random() > 0.5 ? "ada" : null);
  // @ts-expect-error a payload is one argument
  clients.all.send("Moved", { x: 1 }, { x: 2 });
  // @ts-expect-error a payload must be there
  clients.all.send("Moved");
  // @ts-expect-error a payload has its own type
  clients.all.send("Moved", { x: "1" });
  // @ts-expect-error there is no such event
  clients.all.send("Gone", { x: 1 });
  // @ts-expect-error both arguments are wanted
  clients.all.send("Said", "hall");
  // @ts-expect-error the second argument is a text
  clients.all.send("Said", "hall", 1);
  // @ts-expect-error there are two arguments
  clients.all.send("Said", "hall", "hello", "there");
  // @ts-expect-error there is no argument
  clients.all.send("Rang", undefined);
  // @ts-expect-error a function is not sent
  clients.all.send("Rang", () => undefined);
  // @ts-expect-error both choices are wanted
  void clients.connection("a").invoke("Choose", "tea");
  const client = typedClient<ReturnType<typeof makeHub>>(connection);
  client.on("Choose", async (one) => one);
  client.on("Said", async () => undefined);
  // @ts-expect-error the hub waits for a text
  client.on("Choose", () => 1);
  // @ts-expect-error the text is no number
  client.on("Said", (room, text: number) => [room, text]);
}

/** Never runs either: a name that is not known yet has one payload, as far as the compiler can tell. */
export function sendLater<Name extends "Moved" | "Named">(
  { clients }: HubContext<Types>,
  event: Name,
  payload: Types["events"][Name],
): void {
  clients.all.send(event, payload);
}
