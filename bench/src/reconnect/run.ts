import { join } from "node:path";
import { newClientMessageId } from "@hubbub/contract";
import type { SQL } from "bun";
import { openConnections } from "../../../apps/server/src/infrastructure/postgres/database.ts";
import { ServerProcess, temporaryDirectory } from "../../../apps/server/src/testing/server-process.ts";
import { type Conversation, Population } from "../chat/population.ts";
import { runLoad } from "../load/child.ts";
import { repeat } from "../load/schedule.ts";
import { Histogram, type Percentiles } from "../measure/histogram.ts";
import { inspectMachine, type Machine } from "../measure/machine.ts";
import { cpuSecondsOf, cpuSecondsOfTree } from "../measure/process-usage.ts";
import type { ReconnectConfig, ReconnectTimes, ReturningClient } from "./reconnect-load.ts";

const SIZES = [2_000, 10_000];
/** Everyone is in so many conversations of that many members. */
const CONVERSATIONS = { each: 20, members: 50 };
const CLIENTS_A_PROCESS = 2_500;
/** Milliseconds in which the processes of the load read what they are to do. */
const PREPARATION = 4_000;
/** Milliseconds in which the queries are counted that a server makes when nobody comes. */
const IDLE = 3_000;
/** Milliseconds after which PostgreSQL's processes have told what they did. */
const TELLING = 2_500;

export interface ReconnectReport {
  readonly date: string;
  readonly machine: Machine;
  readonly runs: readonly ReconnectRun[];
}

export interface ReconnectRun {
  readonly clients: number;
  /** Seconds until the last was current. */
  readonly seconds: number;
  /** Milliseconds until each was. */
  readonly current: Percentiles;
  readonly queriesPerClient: number;
  readonly bytesPerClient: number;
  readonly serverCpuSeconds: number;
  readonly postgresCpuSeconds: number;
  readonly loadCpuSeconds: number;
}

export async function runReconnect(): Promise<ReconnectReport> {
  const machine = inspectMachine();
  const runs: ReconnectRun[] = [];
  for (const size of SIZES) runs.push(await returnTo(size));
  return { date: new Date().toISOString(), machine, runs };
}

async function returnTo(size: number): Promise<ReconnectRun> {
  const directory = temporaryDirectory();
  const server = await ServerProcess.start({ dataDirectory: directory.path, env: { LOG_LEVEL: "warn" } });
  const sql = openConnections(server.databaseUrl, 1);
  const population = new Population(server, directory.path);
  try {
    await population.addPeople(size);
    const conversations = await population.addConversations(
      Array.from({ length: (size * CONVERSATIONS.each) / CONVERSATIONS.members }, (_, group) =>
        Array.from({ length: CONVERSATIONS.members }, (_, place) => (group * CONVERSATIONS.members + place) % size),
      ),
    );
    await population.settle();
    await sayOneEach(server, population, conversations);
    return await measure(server, sql, clientsOf(population, conversations));
  } finally {
    await population.close();
    await sql.close();
    await server.stop();
    directory.remove();
  }
}

async function sayOneEach(
  server: ServerProcess,
  population: Population,
  conversations: readonly Conversation[],
): Promise<void> {
  const url = await server.url;
  await repeat(conversations.length, 32, async (index) => {
    const { id, members } = conversations[index] ?? { id: "", members: [] };
    const headers = {
      authorization: `Bearer ${population.people[members[0] ?? 0]?.token}`,
      "content-type": "application/json",
    };
    const body = JSON.stringify({
      clientMessageId: newClientMessageId(),
      text: "What they missed while they were away.",
    });
    const answer = await fetch(`${url}/api/v1/conversations/${id}/messages`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`A send answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  });
}

function clientsOf(population: Population, conversations: readonly Conversation[]): ReturningClient[] {
  const own = population.people.map((): string[] => []);
  for (const { id, members } of conversations) for (const member of members) own[member]?.push(id);
  return population.people.map(({ token }, index) => ({ token, conversations: own[index] ?? [] }));
}

async function measure(server: ServerProcess, sql: SQL, clients: readonly ReturningClient[]): Promise<ReconnectRun> {
  const [installation] = await sql`select epoch from installation`;
  const url = `${(await server.url).replace("http", "ws")}/hubs/chat`;
  const background = await queriesOf(sql, () => Bun.sleep(IDLE));
  const cpu = () => ({ server: cpuSecondsOf(server.pid), postgres: cpuSecondsOfTree(server.postgresPid ?? 0) });
  const startAt = Date.now() + PREPARATION;
  const before = cpu();
  const began = performance.now();
  let times: readonly ReconnectTimes[] = [];
  const queries = await queriesOf(sql, async () => {
    const config = { url, epoch: String(installation.epoch), startAt };
    times = await Promise.all(
      chunksOf(clients).map((some) =>
        runLoad<ReconnectConfig, ReconnectTimes>(join(import.meta.dir, "reconnect-load.ts"), {
          ...config,
          clients: some,
        }),
      ),
    );
  });
  const elapsed = performance.now() - began;
  const after = cpu();
  const current = new Histogram();
  for (const time of times.flatMap((each) => each.current)) current.record(time);
  const sum = (of: (each: ReconnectTimes) => number) => times.reduce((total, each) => total + of(each), 0);
  return {
    clients: clients.length,
    seconds: current.percentiles().max / 1000,
    current: current.percentiles(),
    queriesPerClient: Math.max(0, queries - background * (elapsed / IDLE)) / clients.length,
    bytesPerClient: sum(({ bytes }) => bytes) / clients.length,
    serverCpuSeconds: after.server - before.server,
    postgresCpuSeconds: after.postgres - before.postgres,
    loadCpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
  };
}

function chunksOf(clients: readonly ReturningClient[]): ReturningClient[][] {
  const processes = Math.ceil(clients.length / CLIENTS_A_PROCESS);
  return Array.from({ length: processes }, (_, index) =>
    clients.filter((_client, place) => place % processes === index),
  );
}

/** Transactions of the database while something happens; a query outside of one is one. */
async function queriesOf(sql: SQL, work: () => Promise<void>): Promise<number> {
  const count = async () => {
    await Bun.sleep(TELLING);
    const [row] = await sql`
      select (xact_commit + xact_rollback)::float8 as transactions from pg_stat_database where datname = current_database()`;
    return Number(row.transactions);
  };
  const before = await count();
  await work();
  return (await count()) - before;
}
