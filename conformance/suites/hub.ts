import { expect, test } from "bun:test";
import { errors, newConversationId } from "@hubbub/contract";
import { JsonHubProtocol } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { eventually } from "../src/eventually.ts";
import { failure } from "../src/failure.ts";
import { HubClient } from "../src/hub.ts";
import { handshake, RawSocket, upgradeStatus } from "../src/raw-socket.ts";
import { alice, api, bob, connect, draft, newChannel, newGroup, url } from "../src/target.ts";

const negotiate = (token: string | undefined, headers = {}) =>
  api.request("POST", "/hubs/chat/negotiate?negotiateVersion=1", { token, headers });

test("nobody gets into the hub without a good token", async () => {
  expect((await negotiate(undefined)).status).toBe(401);
  expect((await negotiate("garbage")).status).toBe(401);
  expect((await negotiate(alice.token)).status).toBe(200);
  await failure(HubClient.open(url, "garbage", true));
  expect(await upgradeStatus(url, "garbage", {})).toBe(401);
});

test("a WebSocket without negotiate brings its token in the address", async () => {
  await using a = await HubClient.open(url, alice.token, true);
  const { id } = await newGroup(alice);
  const { messageId } = await a.send(draft(id, "Without negotiate"));
  await a.hears("ReceiveMessage", (message) => message.id === messageId);
});

test("negotiate and upgrade refuse a foreign Origin, and take their own", async () => {
  for (const origin of ["https://evil.example", "null"]) {
    expect((await negotiate(alice.token, { origin })).status).toBe(403);
    expect(await upgradeStatus(url, alice.token, { Origin: origin })).toBe(403);
  }
  expect((await negotiate(alice.token, { origin: url })).status).toBe(200);
  expect(await upgradeStatus(url, alice.token, { Origin: url })).toBe(101);
});

test("methods are found without regard to case, and an unknown one is an error", async () => {
  await using a = await connect(alice);
  const { id } = await newGroup(alice);
  for (const method of ["sendmessage", "SENDMESSAGE", "sendMessage"]) {
    expect(await a.connection.invoke(method, draft(id, method))).toMatchObject({ duplicate: false });
  }
  for (const method of ["Nothing", "constructor", "__proto__", "onConnected"]) {
    await failure(a.connection.invoke(method, {}));
  }
  await a.send(draft(id, "Still here"));
});

test("a hub error is its code and a sentence", async () => {
  await using a = await connect(alice);
  const call = (...args: unknown[]) => a.connection.invoke("SendMessage", ...args);
  expect(await failure(call(draft(newConversationId(), "x")))).toMatch(/^NOT_FOUND: \S.*\.$/);
  const { id } = await newGroup(alice);
  for (const wrong of [
    { ...draft(id, "x"), isAdmin: true },
    { ...draft(id, "x"), text: { $gt: "" } },
    draft(id, ""),
    draft(id, "a\0b"),
    draft(id, "x".repeat(16 * 1024 + 1)),
    { conversationId: id },
    {},
    null,
    "text",
    [draft(id, "x")],
  ]) {
    expect(await failure(call(wrong))).toMatch(/^VALIDATION_FAILED: \S/);
  }
  for (const wrong of [[], [draft(id, "x"), draft(id, "y")]]) await failure(call(...wrong));
  expect(await call(draft(id, "Good"))).toMatchObject({ duplicate: false });
});

test("a hub message of more than 128 KiB ends its connection and no other", async () => {
  await using b = await connect(bob);
  const a = await connect(alice);
  const { id } = await newChannel(alice, bob);
  await failure(a.send(draft(id, "x".repeat(128 * 1024))));
  await a.ends();
  await b.send(draft(id, "Still here"));
  expect((await api.call("listMessages", { conversationId: id }, bob.token)).items).toHaveLength(1);
});

test("the limit is a message's, not a frame's: the official client joins what it sends at once", async () => {
  await using a = await connect(alice);
  const { id } = await newChannel(alice);
  const long = Array.from({ length: 20 }, () => a.send(draft(id, "x".repeat(16 * 1024))));
  expect((await Promise.all(long)).map((receipt) => receipt.seq)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
});

test.each([
  ["no JSON", "garbage\x1e"],
  ["another protocol", '{"protocol":"carrier-pigeon","version":1}\x1e'],
  ["another version", '{"protocol":"json","version":99}\x1e'],
])("a handshake with %s ends the connection with an error", async (_, text) => {
  using socket = await RawSocket.open(url, alice.token);
  socket.writeText(text);
  await socket.until((frames) => frames.some((frame) => typeof frame["error"] === "string"));
  await socket.ends();
});

test("an invocation without an id is carried out and not answered", async () => {
  const { id } = await newGroup(alice);
  using socket = await RawSocket.open(url, alice.token);
  const target = "SendMessage";
  socket.write(handshake, { type: 1, target, arguments: [draft(id, "Told")] }, { type: 6 });
  const frames = await socket.until((frames) => frames.some((frame) => frame["target"] === "ReceiveMessage"));
  expect(frames.filter((frame) => frame["type"] === 3)).toEqual([]);
});

test.each([new JsonHubProtocol(), new MessagePackHubProtocol()])(
  "what fails of an invocation that wanted no answer is told to its connection alone, as Error ($name)",
  async (protocol) => {
    const { id } = await newGroup(alice);
    await using a = await HubClient.open(url, alice.token, false, "chat", protocol);
    await using other = await connect(alice);
    await a.connection.send("SendMessage", draft(newConversationId(), "Nowhere"));
    await a.connection.send("SendMessage", draft(id, ""));
    await a.connection.send("UpdateStatus", { presence: "asleep" });
    await a.connection.send("SendMessage", draft(id, "Told"));
    await a.hears("ReceiveMessage", (message) => message.text === "Told");
    await a.hears("Error", ({ code, detail }) => code === "NOT_FOUND" && detail === errors.NOT_FOUND.text);
    await eventually(
      () => a.heard("Error").filter(({ code }) => code === "VALIDATION_FAILED").length === 2,
      () => `Only ${JSON.stringify(a.heard("Error"))} came`,
    );
    // what is answered is told by its answer alone
    await failure(a.send(draft(newConversationId(), "Nowhere")));
    await a.send(draft(id, "The last"));
    await Promise.all([a, other].map((hub) => hub.hears("ReceiveMessage", ({ text }) => text === "The last")));
    expect(a.heard("Error")).toHaveLength(3);
    expect(other.heard("Error")).toEqual([]);
  },
);

test("the presence hub tells of it too", async () => {
  await using a = await connect(alice, "presence");
  await a.connection.send("UpdateStatus", { presence: "asleep" });
  await a.hears("Error", ({ code }) => code === "VALIDATION_FAILED");
});

const newTicket = async (hub?: "chat" | "presence") =>
  (await api.call("createHubTicket", hub === undefined ? {} : { hub }, alice.token)).ticket;

test.each([
  ["negotiate", false],
  ["a WebSocket without negotiate", true],
])("a ticket is used up by %s, and then serves that connection", async (_, skipNegotiation) => {
  const { id } = await newGroup(alice);
  const ticket = await newTicket();
  await using a = await HubClient.open(url, ticket, skipNegotiation);
  const { messageId } = await a.send(draft(id, "With a ticket"));
  await a.hears("ReceiveMessage", (message) => message.id === messageId);
  expect((await negotiate(ticket)).status).toBe(401);
  expect(await upgradeStatus(url, ticket, {})).toBe(401);
  await a.send(draft(id, "Still here"));
});

test("a ticket is for its hub, and for nothing else", async () => {
  expect((await negotiate(await newTicket("presence"))).status).toBe(401);
  expect((await negotiate("ticket_x")).status).toBe(401);
  const ticket = await newTicket();
  expect((await api.refused("getOwnUser", {}, ticket)).code).toBe("UNAUTHENTICATED");
  expect((await negotiate(ticket)).status).toBe(200);
});
