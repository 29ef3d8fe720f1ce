import { afterAll, expect, test } from "bun:test";
import {
  conversationId,
  errors,
  isErrorCode,
  newDeviceId,
  newMediaId,
  type OperationRow,
  operations,
  problem,
} from "@hubbub/contract";
import { type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { SQL } from "bun";
import { z } from "zod";
import { createTestDatabase } from "../src/testing/database.ts";
import { seededRandom, testSeed } from "../src/testing/seeded-random.ts";
import { ServerProcess, temporaryDirectory } from "../src/testing/server-process.ts";
import { InputMaker } from "./input-maker.ts";

const store = await createTestDatabase();
const data = temporaryDirectory();
const random = seededRandom(testSeed());
const server = await ServerProcess.start({ dataDirectory: data.path, env: { DATABASE_URL: store.url } });
const url = await server.url;
const sql = new SQL(store.url, { max: 1 });
afterAll(async () => {
  await server.stop();
  await sql.close();
  await store.drop();
  data.remove();
});

/** Calls of each operation in each skin. */
const CALLS = 12;
const password = "correct horse battery";

/** What runs beside the calls (consumers, presence, jobs, mails), and what a refused sign-in is meant to write. */
const LIVELY =
  /^(outbox|jobs|media|mails|mail_tokens|presence_nodes|present_users|user_presence|sessions|refresh_tokens)/;

const tables: { name: string }[] =
  await sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`;
const digestQuery = tables
  .filter(({ name }) => !LIVELY.test(name))
  .map(
    ({ name }) =>
      `select '${name}' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as d from ${name} t`,
  )
  .join(" union all ");

/** A digest of all that is stored, once the consumers of what was done before have come to rest. */
async function storedState(): Promise<string> {
  for (;;) {
    const [{ waiting }] = await sql`select count(*)::int as waiting from outbox`;
    if (waiting === 0) break;
    await Bun.sleep(2);
  }
  const rows: { d: string }[] = await sql.unsafe(digestQuery);
  return rows.map(({ d }) => d).join("\n");
}

/** The tables whose digests differ. */
function changed(before: string, after: string): string {
  const was = new Set(before.split("\n"));
  const differ = after.split("\n").filter((digest) => !was.has(digest));
  return differ.map((digest) => digest.replace(/.{32}$/, "")).join(", ");
}

interface Person {
  readonly token: string;
  readonly hub: HubConnection;
}

let people = 0;
const names = z.object({ accessToken: z.string(), user: z.object({ id: z.string() }) });

async function newPerson(): Promise<Person & { readonly id: string }> {
  const username = `someone-${people++}`;
  const post = (path: string, json: object) =>
    fetch(`${url}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(json),
    });
  await post("/auth/register", { username, email: `${username}@example.org`, password });
  const { accessToken, user } = names.parse(
    await (await post("/auth/login", { login: username, password, deviceId: newDeviceId() })).json(),
  );
  const hub = new HubConnectionBuilder()
    .withUrl(`${url}/hubs/chat`, { accessTokenFactory: () => accessToken })
    .configureLogging(LogLevel.None)
    .build();
  await hub.start();
  return { token: accessToken, hub, id: user.id };
}

/** Sends any input as a client would that has lost its mind. @returns the code of the refusal, if it is one */
async function byRest({ route }: OperationRow, input: object, token: string): Promise<string | undefined> {
  const rest = new Map<string, unknown>(Object.entries(input));
  const path = route.path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = rest.get(field);
    rest.delete(field);
    return encodeURIComponent(typeof value === "string" && value.isWellFormed() ? value.slice(0, 200) || "-" : "-");
  });
  const inQuery = route.method === "GET";
  // the runtime itself refuses an address of more than 16 KB, without a word
  const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 500);
  const query = new URLSearchParams([...rest].map(([key, value]) => [key, asText(value)]));
  const answer = await fetch(`${url}/api/v1${path}${inQuery && rest.size > 0 ? `?${query}` : ""}`, {
    method: route.method,
    headers: { authorization: `Bearer ${token}`, ...(!inQuery && { "content-type": "application/json" }) },
    body: inQuery ? null : JSON.stringify(Object.fromEntries(rest)),
  });
  const text = await answer.text();
  if (answer.status < 400) return undefined;
  const { code, status } = problem.parse(JSON.parse(text));
  expect(status).toBe(answer.status);
  return code;
}

async function byHub({ hub: row }: OperationRow, input: object, { hub }: Person): Promise<string | undefined> {
  const fields = new Map<string, unknown>(Object.entries(input));
  const args = row?.arguments?.map((field) => fields.get(field) ?? null) ?? [input];
  try {
    await hub.invoke(row?.method ?? "", ...args);
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return /([A-Z_]{4,}): /.exec(text)?.[1] ?? text;
  }
}

test("no input of any kind is a fault, and what is refused has a code and changes nothing", async () => {
  const peer = await newPerson();
  let self = await newPerson();
  const ids = [peer.id, self.id];
  const known = z.object({ conversation: z.object({ id: z.string() }) });
  const begun = await fetch(`${url}/api/v1/conversations`, {
    method: "POST",
    headers: { authorization: `Bearer ${self.token}`, "content-type": "application/json" },
    body: JSON.stringify({ type: "group", title: "Here", memberIds: [peer.id] }),
  });
  const { conversation } = known.parse(await begun.json());
  ids.push(conversation.id);
  const sent = await self.hub.invoke("SendMessage", {
    conversationId: conversation.id,
    clientMessageId: crypto.randomUUID(),
    text: "hello",
  });
  ids.push(sent.messageId);
  const mediaId = newMediaId(conversationId.parse(conversation.id));
  await sql`
    insert into media (lane, id, owner_id, conversation_id, file_name, content_type, size, state)
    values (lane_of(${mediaId}), ${mediaId}, ${self.id}, ${conversation.id}, 'a file', 'image/png', 5, 'active')`;
  ids.push(mediaId);
  const inputs = new InputMaker(random, ids);
  const wrong: string[] = [];
  let refused = 0;
  let before = await storedState();
  for (const [name, row] of Object.entries<OperationRow>(operations)) {
    const skins = row.hub === undefined ? ["REST"] : ["REST", "hub"];
    for (const skin of skins.flatMap((each) => Array.from({ length: CALLS }, () => each))) {
      const input = inputs.make(row.input);
      const code = skin === "REST" ? await byRest(row, input, self.token) : await byHub(row, input, self);
      const about = `${name} by ${skin}: ${JSON.stringify(input).slice(0, 300)}`;
      if (code !== undefined && (!isErrorCode(code) || errors[code].status >= 500)) wrong.push(`${code} from ${about}`);
      const after = await storedState();
      if (code !== undefined) {
        refused++;
        if (after !== before) wrong.push(`${code}, yet ${changed(before, after)} changed by ${about}`);
      }
      if (code === "UNAUTHENTICATED" || self.hub.state !== "Connected") self = await newPerson();
      before = await storedState();
    }
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(Object.keys(operations).length * 4);
  expect(server.output.split("\n").filter((line) => /"level":[56]0/.test(line))).toEqual([]);
}, 120_000);
