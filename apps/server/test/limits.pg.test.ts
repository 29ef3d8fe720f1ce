import { afterAll, beforeAll, expect, test } from "bun:test";
import { newDeviceId } from "@hubbub/contract";
import { type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { createTestDatabase } from "../src/testing/database.ts";
import { ServerProcess, temporaryDirectory } from "../src/testing/server-process.ts";

const password = "correct horse battery";
const store = await createTestDatabase();
const data = temporaryDirectory();
let server: ServerProcess;
let url: string;

beforeAll(async () => {
  server = await ServerProcess.start({
    dataDirectory: data.path,
    env: { DATABASE_URL: store.url, HUBBUB_LIMITS: "{}", HUBBUB_TRUST_PROXY: "127.0.0.1" },
  });
  url = await server.url;
});
afterAll(async () => {
  await server.stop();
  await store.drop();
  data.remove();
});

interface Caller {
  readonly token?: string;
  /** As a trusted proxy tells it. */
  readonly address?: string;
}

async function call(method: string, path: string, body: object | undefined, { token, address }: Caller = {}) {
  const headers = new Headers({ "content-type": "application/json" });
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  if (address !== undefined) headers.set("x-forwarded-for", address);
  const json = body === undefined ? null : JSON.stringify(body);
  const response = await fetch(`${url}/api/v1${path}`, { method, headers, body: json });
  const text = await response.text();
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    body: Object(text && JSON.parse(text)),
  };
}

let people = 0;

async function newPerson(deviceId = newDeviceId()): Promise<{ readonly name: string; readonly token: string }> {
  const name = `person-${++people}`;
  const address = `192.0.2.${people}`;
  const account = { username: name, email: `${name}@example.org`, password };
  expect((await call("POST", "/auth/register", account, { address })).status).toBe(201);
  return { name, token: await signIn(name, deviceId) };
}

async function signIn(login: string, deviceId = newDeviceId()): Promise<string> {
  const credentials = { login, password, deviceId, tokenDelivery: "body" };
  return (await call("POST", "/auth/login", credentials, { address: `192.0.2.${people}` })).body.accessToken;
}

async function connect(token: string, hub = "chat"): Promise<HubConnection> {
  const connection = new HubConnectionBuilder()
    .withUrl(`${url}/hubs/${hub}`, { accessTokenFactory: () => token })
    .configureLogging(LogLevel.None)
    .build();
  await connection.start();
  return connection;
}

const statuses = (answers: readonly { readonly status: number }[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(answers, ({ status }) => status)].map(([status, all]) => [status, all.length]));

test("the eleventh log-in to an account within 15 minutes is refused, from wherever it comes", async () => {
  const { name } = await newPerson(); // one
  const wrong = { login: name, password: "wrong horse battery", deviceId: newDeviceId() };
  for (let i = 1; i < 10; i++)
    expect((await call("POST", "/auth/login", wrong, { address: `198.51.100.${i}` })).status).toBe(401);
  const refused = await call("POST", "/auth/login", { ...wrong, password }, { address: "198.51.100.99" });
  expect(refused).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
  expect(Number(refused.retryAfter)).toBe(refused.body.retryAfter);
  expect(refused.body.retryAfter).toBeWithin(800, 901);
}, 20_000);

test("an address registers ten accounts an hour; the one that a trusted proxy tells, IPv6 by its /64", async () => {
  const register = (i: number, address: string) =>
    call("POST", "/auth/register", { username: "x", email: "x", password: `${i}` }, { address });
  const sixtyFour = await Promise.all(Array.from({ length: 12 }, (_, i) => register(i, `2001:db8:0:1::${i + 1}`)));
  expect(statuses(sixtyFour)).toEqual({ 400: 10, 429: 2 });
  expect((await register(0, "2001:db8:0:2::1")).status).toBe(400);
  expect((await register(0, "198.51.100.1, 127.0.0.1")).status).toBe(400);
});

test("REST and hub count together: 100 sends at once, then the next is told to wait, and stores nothing", async () => {
  const { token } = await newPerson();
  const { body } = await call("POST", "/conversations", { type: "group", title: "Room", memberIds: [] }, { token });
  const conversationId = body.conversation.id;
  const draft = () => ({ clientMessageId: crypto.randomUUID(), text: "hello" });
  const hub = await connect(token);
  const byRest = Array.from({ length: 60 }, () =>
    call("POST", `/conversations/${conversationId}/messages`, draft(), { token }),
  );
  const byHub = Array.from({ length: 90 }, () =>
    hub.invoke("SendMessage", { conversationId, ...draft() }).then(
      () => "sent",
      (error: Error) => error.message,
    ),
  );
  const rest = await Promise.all(byRest);
  const hubAnswers = await Promise.all(byHub);
  const sent = rest.filter(({ status }) => status === 201).length + hubAnswers.filter((each) => each === "sent").length;
  expect(sent).toBeWithin(100, 150); // 20 more for each second that it took
  expect(
    rest.filter(({ status }) => status === 429).length +
      hubAnswers.filter((each) => each.includes("RATE_LIMITED: ")).length,
  ).toBe(150 - sent);
  const stored = await store.database.reads.kysely
    .selectFrom("messages")
    .select("id")
    .where("kind", "=", "text")
    .execute();
  expect(stored).toHaveLength(sent);
  await hub.stop();
});

test("the fifty-first call in a second is refused, as are calls of nobody", async () => {
  const { token } = await newPerson();
  const calls = async (caller: Caller) =>
    statuses(await Promise.all(Array.from({ length: 150 }, () => call("GET", "/users/me", undefined, caller))));
  const own = await calls({ token });
  expect(own[200]).toBeWithin(50, 150);
  expect(own[429]).toBe(150 - (own[200] ?? 0));
  const nobodys = await calls({ token: "forged", address: "203.0.113.1" });
  expect(nobodys[401]).toBeWithin(50, 150);
  expect(nobodys[429]).toBe(150 - (nobodys[401] ?? 0));
});

test("a person has 10 connections a device and 20 in all, over all hubs; one that ends makes room", async () => {
  const { name, token } = await newPerson();
  const closed = (connection: HubConnection) =>
    new Promise<string>((resolve) => connection.onclose((error) => resolve(error?.message ?? "")));
  const open = async (count: number, of: string, hub?: string) => {
    const connections: HubConnection[] = [];
    for (let i = 0; i < count; i++) connections.push(await connect(of, hub));
    return connections;
  };
  const refused = async (of: string) => {
    const connection = await connect(of);
    expect(await closed(connection)).toContain("RATE_LIMITED");
  };
  const first = [...(await open(6, token)), ...(await open(4, token, "notifications"))];
  await refused(token);
  const second = await signIn(name);
  const others = await open(10, second, "presence");
  await refused(await signIn(name));
  for (const connection of first) expect(connection.state as string).toBe("Connected");
  await others[0]?.stop();
  const again = await connect(second);
  expect(await Promise.race([closed(again), again.invoke("Sync", { conversations: {} }).then(() => "served")])).toBe(
    "served",
  );
  await Promise.all([...first, ...others, again].map((connection) => connection.stop()));
}, 20_000);
