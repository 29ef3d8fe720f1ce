import { expect, test } from "bun:test";
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { defineHub, inMemoryBackplane } from "../src/index.ts";
import { startBunServer } from "./bun-server.ts";

const hub = defineHub<{ user: undefined; events: { said: string } }>()({
  path: "/hub",
  authenticate: (_request, { token = "" }) => ({ userId: token, user: undefined }),
  methods: { whoAmI: (call) => call.userId },
});

async function connect(address: string, user: string, transport: HttpTransportType) {
  const options = { transport, accessTokenFactory: () => user };
  const client = new HubConnectionBuilder()
    .withUrl(`${address}/hub`, options)
    .configureLogging(LogLevel.None)
    .withAutomaticReconnect()
    .build();
  const heard: unknown[] = [];
  client.on("said", (text) => heard.push(text));
  const closed = new Promise((resolve) => client.onclose((error) => resolve([...heard, error?.message])));
  await client.start();
  return { client, closed };
}

test("[B9] who is disconnected is so on every node and transport, after what they were told; others stay", async () => {
  const backplane = inMemoryBackplane();
  await using here = startBunServer({ hubs: [hub], backplane });
  await using there = startBunServer({ hubs: [hub], backplane });
  const { WebSockets, ServerSentEvents, LongPolling } = HttpTransportType;
  const adas = await Promise.all([
    connect(here.address, "ada", WebSockets),
    connect(there.address, "ada", WebSockets),
    connect(there.address, "ada", ServerSentEvents),
    connect(there.address, "ada", LongPolling),
  ]);
  const bob = await connect(there.address, "bob", WebSockets);
  const outside = here.signalr.hub(hub);
  outside.clients.user("ada").send("said", "Good night");
  expect(outside.disconnectUser("ada", { error: "It is late." })).toBe(1);
  for (const { closed } of adas) {
    expect(await closed).toEqual(["Good night", "Server returned an error on close: It is late."]);
  }
  expect(await bob.client.invoke("whoAmI")).toBe("bob");
  expect(there.signalr.hub(hub).lifetime.connectionsOf("ada")).toEqual([]);
  await bob.client.stop();
});
