import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { HubbubError } from "@hubbub/client";
import { type ChatEventName, type ConversationId, chatEvents, newClientMessageId, operations } from "@hubbub/contract";
import { type HubConnection, HubConnectionState } from "@microsoft/signalr";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../src/testing/database.ts";
import { freePort, ServerProcess, temporaryDirectory } from "../../src/testing/server-process.ts";
import { TestNode } from "../../src/testing/test-node.ts";
import { readInbox, readLog } from "./database-state.ts";
import { LossyProxy } from "./lossy-proxy.ts";
import { newPerson, openHub, type Person } from "./person.ts";

setDefaultTimeout(20_000);

const directory = temporaryDirectory();
let database: TestDatabase;
let proxy: LossyProxy;
let server: ServerProcess;
let owner: Person;
let guest: Person;
let port: number;

function startServer(): Promise<ServerProcess> {
  const settings = { DATABASE_URL: proxy.url, HUBBUB_SECRET_KEY: "a secret key of enough bytes for a test" };
  return ServerProcess.start({ cwd: directory.path, env: { ...settings, PORT: String(port) } });
}

interface Heard {
  readonly event: ChatEventName;
  readonly payload: unknown;
}

/** A connection of the official client that keeps what it hears. */
interface Listener {
  readonly hub: HubConnection;
  readonly heard: readonly Heard[];
}

let ownerHears: Listener;
let guestHears: Listener;

async function listen(person: Person): Promise<Listener> {
  const hub = openHub(person);
  const heard: Heard[] = [];
  for (const event of Object.keys(chatEvents).filter(isEventName))
    hub.on(event, (payload: unknown) => heard.push({ event, payload }));
  await hub.start();
  return { hub, heard };
}

function isEventName(name: string): name is ChatEventName {
  return Object.hasOwn(chatEvents, name);
}

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = new LossyProxy(database.url, directory.path);
  port = await freePort();
  server = await startServer();
  const baseUrl = await server.url;
  [owner, guest] = await Promise.all([newPerson(baseUrl, "owner"), newPerson(baseUrl, "guest")]);
});

beforeEach(async () => {
  await ownerHears?.hub.stop();
  await guestHears?.hub.stop();
  [ownerHears, guestHears] = await Promise.all([listen(owner), listen(guest)]);
});

afterAll(async () => {
  await ownerHears.hub.stop();
  await guestHears.hub.stop();
  await server.stop();
  proxy.close();
  await database.drop();
  directory.remove();
});

async function newGroup(...members: readonly Person[]): Promise<ConversationId> {
  const memberIds = members.map(({ user }) => user.id);
  const { conversation } = await owner.api.call("createConversation", { type: "group", title: "Group", memberIds });
  const { id } = conversation;
  // after everyone's entries were committed: the next commit is the test's own
  await hears(ownerHears, "NewConversationCreated", (payload) => Bun.deepMatch({ conversation: { id } }, payload));
  return id;
}

function send(conversationId: ConversationId, text: string) {
  return owner.api.call("sendMessage", { conversationId, clientMessageId: newClientMessageId(), text });
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "none",
    (error: unknown) => (error instanceof HubbubError ? error.code : String(error)),
  );
}

async function hears({ heard }: Listener, event: ChatEventName, fits: (payload: unknown) => boolean): Promise<Heard> {
  const until = performance.now() + 5_000;
  for (;;) {
    const found = heard.find((each) => each.event === event && fits(each.payload));
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`No such ${event} in ${JSON.stringify(heard)}`);
    await Bun.sleep(5);
  }
}

const isText = (text: string) => (payload: unknown) => Bun.deepMatch({ text }, payload);
const isOf = (conversationId: ConversationId) => (payload: unknown) => Bun.deepMatch({ conversationId }, payload);

test("a batch that was stored although its answer was lost: acknowledged as new, stored and pushed once [L5] [L6]", async () => {
  const id = await newGroup(guest);
  const lost = proxy.loseAnswerTo("in doubt 1");
  const receipt = operations.sendMessage.hub.output.parse(
    await ownerHears.hub.invoke("SendMessage", {
      conversationId: id,
      clientMessageId: newClientMessageId(),
      text: "in doubt 1",
    }),
  );
  await lost;
  expect(receipt).toMatchObject({ seq: 2, pts: 2, duplicate: false });
  await send(id, "after 1");
  await hears(guestHears, "ReceiveMessage", isText("after 1"));
  expect(guestHears.heard.filter(({ payload }) => isText("in doubt 1")(payload))).toHaveLength(1);
  expect(await readLog(owner.api, id)).toHaveLength(3);
});

test("a batch whose message another node has changed meanwhile: only where the log stands is told [L18] [L20]", async () => {
  const id = await newGroup(guest);
  const other = new TestNode(database.url); // a node whose pushes reach nobody here
  const lost = proxy.loseAnswerTo("in doubt 2");
  const sent = send(id, "in doubt 2");
  await lost;
  const { kysely: db } = database.database.writer;
  const { id: messageId } = await db
    .selectFrom("messages")
    .select("id")
    .where("conversation_id", "=", id)
    .where("kind", "=", "text")
    .executeTakeFirstOrThrow();
  const edited = await other.call(operations.editMessage, owner.user.id, { messageId, text: "changed meanwhile" });
  await other.close();
  expect([edited.ok, (await sent).message.pts]).toEqual([true, 3]);
  await hears(guestHears, "ConversationHead", (payload) => Bun.deepMatch({ conversationId: id, pts: 3 }, payload));
  const pushed = guestHears.heard.filter(({ event, payload }) => event === "ReceiveMessage" && isOf(id)(payload));
  expect(pushed.map(({ payload }) => Object(payload).kind)).toEqual(["system"]);
});

test("a removal that was committed although its answer was lost ends delivery before the next message [L13] [L20]", async () => {
  const id = await newGroup(guest);
  await send(id, "before");
  await hears(guestHears, "ReceiveMessage", isText("before"));
  const lost = proxy.loseAnswerTo("commit");
  const removal = codeOf(owner.api.call("removeMember", { conversationId: id, userId: guest.user.id }));
  await lost;
  const after = send(id, "after the removal"); // waits behind the removal already
  expect(await removal).toBe("UNAVAILABLE");
  await after;
  await send(id, "later");
  await hears(ownerHears, "ReceiveMessage", isText("later"));
  await Bun.sleep(100);
  expect(
    guestHears.heard.filter(({ payload }) => isText("after the removal")(payload) || isText("later")(payload)),
  ).toEqual([]);
  await hears(ownerHears, "ConversationHead", isOf(id));
  await hears(guestHears, "RemovedFromConversation", isOf(id));
});

test("an addition that was committed although its answer was lost begins delivery, and is told [L16] [L20]", async () => {
  const id = await newGroup();
  const lost = proxy.loseAnswerTo("commit");
  const addition = codeOf(owner.api.call("addMembers", { conversationId: id, userIds: [guest.user.id] }));
  await lost;
  expect(await addition).toBe("UNAVAILABLE");
  await send(id, "to the newcomer");
  await hears(guestHears, "ReceiveMessage", isText("to the newcomer"));
  await hears(guestHears, "AddedToConversation", (payload) => Bun.deepMatch({ conversation: { id } }, payload));
});

test("a conversation that was made although the answer was lost is told to its members, who hear it", async () => {
  const lost = proxy.loseAnswerTo("commit");
  const creation = codeOf(newGroup(guest));
  await lost;
  expect(await creation).toBe("UNAVAILABLE");
  const { items } = await owner.api.call("listConversations", {});
  const id = items[0]?.id;
  if (id === undefined) throw new Error("It was not made");
  await hears(guestHears, "NewConversationCreated", (payload) => Bun.deepMatch({ conversation: { id } }, payload));
  await send(id, "first words");
  await hears(guestHears, "ReceiveMessage", isText("first words"));
});

test("an inbox entry that was written although the answer was lost is pushed all the same, and is there once [L16]", async () => {
  const id = await newGroup();
  const before = await readInbox(guest.api);
  const lost = proxy.loseAnswerTo("commit", 2); // after the addition's own that of the entry
  await owner.api.call("addMembers", { conversationId: id, userIds: [guest.user.id] });
  await lost;
  await hears(guestHears, "AddedToConversation", (payload) => Bun.deepMatch({ conversation: { id } }, payload));
  expect(await readInbox(guest.api)).toHaveLength(before.length + 1);
});

test("what another node stored and never told of is told when its sender repeats it [L5] [L20]", async () => {
  const id = await newGroup(guest);
  const clientMessageId = newClientMessageId();
  const silent = new TestNode(database.url); // a node whose pushes reach nobody here
  const first = await silent.call(operations.sendMessage, owner.user.id, {
    conversationId: id,
    clientMessageId,
    text: "untold",
  });
  await silent.close();
  expect(first.ok).toBe(true);
  const repeat: unknown = await ownerHears.hub.invoke("SendMessage", {
    conversationId: id,
    clientMessageId,
    text: "untold",
  });
  expect(repeat).toMatchObject({ seq: 2, pts: 2, duplicate: true });
  await hears(guestHears, "ConversationHead", (payload) => Bun.deepMatch({ conversationId: id, pts: 2 }, payload));
});

test("a server that is killed between the commit of an addition and its push: the next one tells it once [L9] [L16]", async () => {
  const id = await newGroup();
  const before = await readInbox(guest.api);
  const reached = proxy.loseAnswerTo("commit");
  const addition = codeOf(owner.api.call("addMembers", { conversationId: id, userIds: [guest.user.id] }));
  await reached;
  server.kill("SIGKILL");
  await server.ended();
  expect(await addition).toBe("NETWORK");
  // the claim of the dead runs out
  await sql`update outbox set claimed_until = now() where conversation_id = ${id}`.execute(
    database.database.writer.kysely,
  );
  server = await startServer();
  const added = (inbox: Awaited<ReturnType<typeof readInbox>>) => inbox.slice(before.length).map(({ event }) => event);
  await eventually(async () => added(await readInbox(guest.api)).length > 0);
  expect(added(await readInbox(guest.api))).toEqual(["AddedToConversation"]);
  await eventually(async () => guestHears.hub.state === HubConnectionState.Connected);
  await guestHears.hub.invoke("Sync", {}); // whoever is answered hears what comes after
  await send(id, "welcome");
  await hears(guestHears, "ReceiveMessage", isText("welcome"));
  // of the creation and of the addition the system says something
  const events = ["ReceiveMessage", "MemberAdded", "ReceiveMessage", "ReceiveMessage"] as const;
  expect((await readLog(owner.api, id)).map(({ event }) => event)).toEqual([...events]);
});

async function eventually(look: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 5_000;
  while (!(await look())) {
    if (performance.now() > until) throw new Error("It does not happen");
    await Bun.sleep(10);
  }
}
