import { join } from "node:path";
import type { SQL } from "bun";
import type { ServerProcess } from "../../../apps/server/src/testing/server-process.ts";
import type { Conversation, Population } from "../chat/population.ts";
import { runLoad } from "../load/child.ts";
import { Histogram, type Percentiles } from "../measure/histogram.ts";
import { inspectMachine, type Machine } from "../measure/machine.ts";
import { cpuSecondsOf, cpuSecondsOfTree } from "../measure/process-usage.ts";
import { type AwayResult, returnAfterAnHour } from "./away.ts";
import { countQueries } from "./count-queries.ts";
import type { ReconnectConfig, ReconnectTimes, ReturningClient } from "./reconnect-load.ts";
import { type Served, sayIn, withServer } from "./with-server.ts";

const SIZES = [2_000, 10_000];
/** Everyone is in so many conversations of that many members. */
const CONVERSATIONS = { each: 20, members: 50 };
const CLIENTS_A_PROCESS = 2_500;
/** Milliseconds in which the processes of the load read what they are to do. */
const PREPARATION = 4_000;

export interface ReconnectReport {
  readonly date: string;
  readonly machine: Machine;
  readonly runs: readonly ReconnectRun[];
  readonly away: AwayResult;
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
  for (const size of SIZES) runs.push(await withServer((served) => returnTo(size, served)));
  const away = await withServer(returnAfterAnHour);
  return { date: new Date().toISOString(), machine, runs, away };
}

async function returnTo(size: number, served: Served): Promise<ReconnectRun> {
  const { server, sql, population } = served;
  await population.addPeople(size);
  const conversations = await population.addConversations(
    Array.from({ length: (size * CONVERSATIONS.each) / CONVERSATIONS.members }, (_, group) =>
      Array.from({ length: CONVERSATIONS.members }, (_, place) => (group * CONVERSATIONS.members + place) % size),
    ),
  );
  await population.settle();
  await sayIn(served, conversations);
  return measure(server, sql, clientsOf(population, conversations));
}

function clientsOf(population: Population, conversations: readonly Conversation[]): ReturningClient[] {
  const own = population.people.map((): string[] => []);
  for (const { id, members } of conversations) for (const member of members) own[member]?.push(id);
  return population.people.map(({ token }, index) => ({ token, conversations: own[index] ?? [] }));
}

async function measure(server: ServerProcess, sql: SQL, clients: readonly ReturningClient[]): Promise<ReconnectRun> {
  const [installation] = await sql`select epoch from installation`;
  const url = `${(await server.url).replace("http", "ws")}/hubs/chat`;
  const cpu = () => ({ server: cpuSecondsOf(server.pid), postgres: cpuSecondsOfTree(server.postgresPid ?? 0) });
  const startAt = Date.now() + PREPARATION;
  const before = cpu();
  let times: readonly ReconnectTimes[] = [];
  const queries = await countQueries(sql, async () => {
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
  const after = cpu();
  const current = new Histogram();
  for (const time of times.flatMap((each) => each.current)) current.record(time);
  const sum = (of: (each: ReconnectTimes) => number) => times.reduce((total, each) => total + of(each), 0);
  return {
    clients: clients.length,
    seconds: current.percentiles().max / 1000,
    current: current.percentiles(),
    queriesPerClient: queries / clients.length,
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
