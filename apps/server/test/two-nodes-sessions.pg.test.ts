import { afterAll, expect, test } from "bun:test";
import { newDeviceId } from "@hubbub/contract";
import { HttpTransportType, type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { createTestDatabase } from "../src/testing/database.ts";
import { ServerProcess } from "../src/testing/server-process.ts";

const store = await createTestDatabase();
const servers: ServerProcess[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await store.drop();
});

const [oldKey, newKey] = ["old", "new"].map((name) => `${name} key of at least 32 bytes, for a test`);

async function start(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const given = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value ?? ""]));
  const server = await ServerProcess.start({ env: { DATABASE_URL: store.url, ...given } });
  servers.push(server);
  return server.url;
}

async function call(url: string, method: string, path: string, json: object, token?: string) {
  const headers = new Headers({ "content-type": "application/json" });
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  const body = method === "GET" ? null : JSON.stringify(json);
  const response = await fetch(`${url}/api/v1${path}`, { method, headers, body });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}

/** @returns what the connection hears at its end */
async function connect(url: string, token: string): Promise<{ hub: HubConnection; end: Promise<unknown> }> {
  const hub = new HubConnectionBuilder()
    .withUrl(`${url}/hubs/chat`, { accessTokenFactory: () => token, transport: HttpTransportType.WebSockets })
    .configureLogging(LogLevel.None)
    .build();
  const heard: unknown[] = [];
  hub.on("SessionRevoked", (payload) => heard.push(payload));
  const end = new Promise<unknown>((resolve) => hub.onclose(() => resolve(heard)));
  await hub.start();
  return { hub, end };
}

test("a node with a new key joins; sessions and tickets of the old one are good there, and end there too", async () => {
  const first = await start({ HUBBUB_SECRET_KEY: oldKey });
  const password = "correct horse battery";
  await call(first, "POST", "/auth/register", { username: "ada", email: "ada@example.org", password });
  const login = async () => {
    const credentials = { login: "ada", password, deviceId: newDeviceId(), tokenDelivery: "body" };
    return (await call(first, "POST", "/auth/login", credentials)).body.accessToken;
  };
  const [phone, laptop] = [await login(), await login()];

  const second = await start({ HUBBUB_SECRET_KEY: newKey, HUBBUB_SECRET_KEY_PREVIOUS: oldKey });
  const { body } = await call(first, "POST", "/auth/hub-ticket", {}, phone);
  const [byToken, byTicket] = [await connect(second, phone), await connect(second, body.ticket)];
  const { items } = (await call(second, "GET", "/auth/sessions", {}, laptop)).body;
  const other = items.find(({ current }: { current: boolean }) => !current);
  expect((await call(first, "DELETE", `/auth/sessions/${other.id}`, {}, laptop)).status).toBe(204);
  expect(await Promise.all([byToken.end, byTicket.end])).toEqual([[{ reason: "revoked" }], [{ reason: "revoked" }]]);
  expect((await call(second, "GET", "/users/me", {}, phone)).status).toBe(401);
  expect((await call(second, "GET", "/users/me", {}, laptop)).status).toBe(200);

  const stranger = new ServerProcess({ env: { DATABASE_URL: store.url, HUBBUB_SECRET_KEY: oldKey ?? "" } });
  const { code, error } = await stranger.ended();
  expect(code).toBe(1);
  expect(error).toContain("The secret key is not the one");
}, 30_000);
