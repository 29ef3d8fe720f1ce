import { expect, test } from "bun:test";
import { HttpTransportType, HubConnectionBuilder, JsonHubProtocol, LogLevel } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { defineHub } from "../src/index.ts";
import { startBunServer } from "./bun-server.ts";

/** Clients that are written to in every way there is: natively, one by one, by polls, by events, with replay. */
const clientKinds = [
  "json",
  "json",
  "json",
  "messagepack",
  "messagepack",
  "stateful",
  "events",
  "polling",
  "polling",
] as const;
type ClientKind = (typeof clientKinds)[number];

const makeHub = (nativeRoomSize: number) =>
  defineHub<{ user: undefined; events: { Message: string } }>()({
    path: "/paths",
    authenticate: async (_request, { token = "" }) => ({ userId: token, user: undefined }),
    statefulReconnect: true,
    nativeRoomSize,
    methods: {
      /** A push on the way to the completion. */
      Echo(call, text) {
        call.clients.connection(call.connectionId).send("Message", `${text} pushed`);
        return text;
      },
    },
  });

async function connect(address: string, kind: ClientKind, userId: string) {
  const transports = { events: HttpTransportType.ServerSentEvents, polling: HttpTransportType.LongPolling };
  const transport = kind === "events" || kind === "polling" ? transports[kind] : HttpTransportType.WebSockets;
  const builder = new HubConnectionBuilder()
    .withUrl(`${address}/paths`, { transport, accessTokenFactory: () => userId })
    .withHubProtocol(kind === "messagepack" ? new MessagePackHubProtocol() : new JsonHubProtocol())
    .configureLogging(LogLevel.None);
  const client = (kind === "stateful" ? builder.withStatefulReconnect() : builder).build();
  const received: string[] = [];
  client.on("Message", (text: string) => received.push(text));
  await client.start();
  const expected: string[] = [];
  const groups = new Set<string>();
  return { client, received, expected, groups, userId, id: client.connectionId ?? "" };
}

/** Source: mulberry32, public domain. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One by one, natively, and over the border between the two again and again. */
for (const nativeRoomSize of [1_000_000, 1, 5]) {
  test(`[S1][S4][L1][L2] order, exclusion and silence after removal on all paths, natively from ${nativeRoomSize}`, async () => {
    const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
    const next = random(seed);
    const pick = <Item>(items: readonly Item[]): Item => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error("Unreachable: an index below the length.");
      return item;
    };
    const hub = makeHub(nativeRoomSize);
    await using server = startBunServer({ hubs: [hub] });
    const { clients, lifetime } = server.signalr.hub(hub);
    const all = await Promise.all(clientKinds.map((kind, index) => connect(server.address, kind, `user${index % 4}`)));
    const expectOf = (text: string, whom: (client: (typeof all)[number]) => boolean) => {
      for (const client of all) if (whom(client)) client.expected.push(text);
    };
    for (let step = 0; step < 1500; step++) {
      const text = String(step);
      const group = pick(["small", "large", "other"]);
      const someone = pick(all);
      const action = next();
      if (action < 0.15) {
        lifetime.addToGroup(someone.id, group);
        someone.groups.add(group);
      } else if (action < 0.25) {
        lifetime.removeFromGroup(someone.id, group);
        someone.groups.delete(group);
      } else if (action < 0.6) {
        clients.group(group).send("Message", text);
        expectOf(text, (client) => client.groups.has(group));
      } else if (action < 0.7) {
        clients.groupExcept(group, [someone.id]).send("Message", text);
        expectOf(text, (client) => client.groups.has(group) && client !== someone);
      } else if (action < 0.8) {
        clients.connection(someone.id).send("Message", text);
        expectOf(text, (client) => client === someone);
      } else if (action < 0.85) {
        clients.user(someone.userId).send("Message", text);
        expectOf(text, (client) => client.userId === someone.userId);
      } else if (action < 0.9) {
        clients.all.send("Message", text);
        expectOf(text, () => true);
      } else if (action < 0.97) await Promise.resolve();
      else await Bun.sleep(0);
    }
    clients.all.send("Message", "end");
    const deadline = Date.now() + 4000;
    while (all.some(({ received }) => received.at(-1) !== "end") && Date.now() < deadline) await Bun.sleep(5);
    for (const { received, expected } of all) expect(received, `SEED=${seed}`).toEqual([...expected, "end"]);
    await Promise.all(all.map(({ client }) => client.stop()));
  });
}

test("[S4] a large room survives members who come and go, and their sockets' end", async () => {
  const hub = makeHub(2);
  await using server = startBunServer({ hubs: [hub] });
  const { clients, lifetime } = server.signalr.hub(hub);
  const members = await Promise.all([1, 2, 3, 4].map(() => connect(server.address, "json", "")));
  for (const { id } of members) lifetime.addToGroup(id, "room");
  const [first, second, third, fourth] = members;
  await first?.client.stop();
  await second?.client.stop();
  await Bun.sleep(20);
  expect(lifetime.membersOf("room")).toHaveLength(2);
  clients.group("room").send("Message", "two left");
  expect(await third?.client.invoke("Echo", "order")).toBe("order");
  expect(third?.received).toEqual(["two left", "order pushed"]);
  expect(fourth?.received).toEqual(["two left"]);
  await fourth?.client.stop();
  await third?.client.stop();
  await Bun.sleep(20);
  expect(lifetime.membersOf("room")).toEqual([]);
});
