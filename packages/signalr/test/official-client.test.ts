import { expect, test } from "bun:test";
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { startBunServer } from "./bun-server.ts";
import { type ChatEvents, chatHub } from "./chat-hub.ts";

function connect(address: string, options: { token?: string; skipNegotiation?: boolean } = {}) {
  const { token, skipNegotiation = false } = options;
  return new HubConnectionBuilder()
    .withUrl(`${address}/chat`, {
      transport: HttpTransportType.WebSockets,
      skipNegotiation,
      ...(token === undefined ? {} : { accessTokenFactory: () => token }),
    })
    .configureLogging(LogLevel.None)
    .build();
}

async function start(address: string, options: { token?: string; skipNegotiation?: boolean } = {}) {
  const connection = connect(address, options);
  await connection.start();
  return connection;
}

for (const skipNegotiation of [false, true]) {
  test(`[D1][D2] invocations of the official client, skipping negotiation: ${skipNegotiation}`, async () => {
    await using server = startBunServer({ hubs: [chatHub] });
    const client = await start(server.address, { token: "ada", skipNegotiation });
    expect(await client.invoke("Echo", { text: "é 👋", list: [1, null] })).toEqual({ text: "é 👋", list: [1, null] });
    expect(await client.invoke("eCHO", 1)).toBe(1);
    expect(await client.invoke("Nothing")).toBeNull();
    expect(await client.invoke("WhoAmI")).toBe("ada");
    await client.stop();
  });
}

test("[E1][E2][E3] error texts", async () => {
  await using server = startBunServer({ hubs: [chatHub] });
  const client = await start(server.address);
  const errorOf = (method: string) => client.invoke(method).then(String, (error: Error) => error.message);
  expect(await errorOf("Refuse")).toBe("FORBIDDEN: not here.");
  expect(await errorOf("Fail")).toBe("An unexpected error occurred invoking 'Fail' on the server.");
  expect(await errorOf("Absent")).toBe(
    "Failed to invoke 'Absent' due to an error on the server. HubException: Method does not exist.",
  );
  expect(await errorOf("Cyclic")).toBe("The result could not be sent.");
  expect(await client.invoke("Echo", "alive")).toBe("alive");
  await client.stop();
});

test("[A1] a refused user gets no connection, with negotiation and without", async () => {
  await using server = startBunServer({ hubs: [chatHub] });
  const refused = (skipNegotiation: boolean) =>
    start(server.address, { token: "refused", skipNegotiation }).then(
      () => "connected",
      (error: Error) => error.message,
    );
  expect(await refused(false)).toContain("401");
  expect(await refused(true)).not.toBe("connected");
});

test("[L1][L2][L3] groups, users, exclusion, and silence after removal", async () => {
  await using server = startBunServer({ hubs: [chatHub] });
  const hub = server.signalr.hub(chatHub);
  const clients = await Promise.all(["ada", "bob", "bob"].map((token) => start(server.address, { token })));
  const received: string[][] = clients.map(() => []);
  clients.forEach((client, index) => {
    client.on("Message", (text: ChatEvents["Message"]) => received[index]?.push(text));
  });
  const ids = clients.map((client) => client.connectionId ?? "");
  const [ada = "", bob = ""] = ids;
  for (const id of ids) expect(hub.lifetime.addToGroup(id, "room")).toBe(true);
  expect(hub.lifetime.groupsOf(ada)).toEqual(["room"]);
  expect(new Set(hub.lifetime.membersOf("room"))).toEqual(new Set(ids));
  expect(hub.lifetime.connectionsOf("bob")).toEqual(ids.slice(1));

  hub.clients.group("room").send("Message", "to the room");
  hub.clients.groupExcept("room", [ada]).send("Message", "not to ada");
  hub.clients.user("bob").send("Message", "to bob");
  hub.clients.connection(bob).send("Message", "to one of bob's");
  hub.lifetime.removeFromGroup(bob, "room");
  hub.clients.group("room").send("Message", "after removal");
  hub.clients.all.send("Message", "to all");
  await Promise.all(clients.map((client) => client.invoke("Echo", 0)));
  expect(received).toEqual([
    ["to the room", "after removal", "to all"],
    ["to the room", "not to ada", "to bob", "to one of bob's", "to all"],
    ["to the room", "not to ada", "to bob", "after removal", "to all"],
  ]);
  await Promise.all(clients.map((client) => client.stop()));
});

test("[S1] pushes and the completion arrive in the order they were issued", async () => {
  await using server = startBunServer({ hubs: [chatHub] });
  const client = await start(server.address);
  const order: string[] = [];
  client.on("Message", (text: string) => order.push(text));
  order.push(await client.invoke("PushThenReturn"));
  expect(order).toEqual(["pushed", "returned"]);
  await client.stop();
});

test("[C1] the hub closes a connection with an error that the client sees", async () => {
  await using server = startBunServer({ hubs: [chatHub] });
  const client = await start(server.address);
  const closed = new Promise<Error | undefined>((resolve) => client.onclose(resolve));
  await client.send("Leave");
  expect((await closed)?.message).toContain("Go away.");
});

test("[C2] a shutdown asks clients to come back, and resolves when they are gone", async () => {
  await using server = startBunServer({ hubs: [chatHub] });
  const client = new HubConnectionBuilder()
    .withUrl(`${server.address}/chat`)
    .withAutomaticReconnect([10_000])
    .configureLogging(LogLevel.None)
    .build();
  await client.start();
  const reconnecting = new Promise<void>((resolve) => client.onreconnecting(() => resolve()));
  await server.signalr.shutdown();
  await reconnecting;
  await client.stop();
});
