import { join } from "node:path";
import { runLoad } from "../load/child.ts";
import { inspectMachine, type Machine } from "../measure/machine.ts";
import type { BroadcastConfig, BroadcastResult } from "../signalr/broadcast-load.ts";
import type { IdleConfig, IdleResult } from "../signalr/idle-load.ts";
import { type RunningServer, startServer } from "../signalr/servers.ts";

const SIZES = [10, 100, 1000, 3000];
/** Enough for CPU that is told in hundredths of a second, and not so much that what several turns are asked for is sent in one. */
const LOADS = [
  { messagesPerTurn: 1, deliveriesPerSecond: 30_000 },
  { messagesPerTurn: 10, deliveriesPerSecond: 120_000 },
];
const MOST_TURNS_PER_SECOND = 1000;
const SECONDS = 8;
/** Times that everything is measured, in turn; the median counts. */
const ROUNDS = 3;
const MEMBERSHIPS = 20;
const IDLE = { first: 1000, more: 5000 };

/** How a group is written to: member by member, or by the runtime, however small it is. */
export const ways = { each: { nativeRoomSize: 1e9 }, native: { nativeRoomSize: 1 } } as const;
export type Way = keyof typeof ways;
const wayNames = ["each", "native"] as const satisfies readonly Way[];

export interface DeliveryCost {
  readonly size: number;
  readonly messagesPerTurn: number;
  readonly way: Way;
  /** Microseconds of the server's CPU for each delivery. */
  readonly cpuPerDelivery: number;
}

export interface ThresholdReport {
  readonly date: string;
  readonly machine: Machine;
  readonly costs: readonly DeliveryCost[];
  readonly memberships: number;
  /** Bytes of an idle connection that is in no group, and in several, in each way. */
  readonly idle: { readonly alone: number } & Readonly<Record<Way, number>>;
}

const load = (name: string): string => join(import.meta.dir, "../signalr", name);

async function withServer<T>(options: object, task: (server: RunningServer) => Promise<T>): Promise<T> {
  const peer = join(import.meta.dir, "../../peers/hubbub-bun.ts");
  const server = await startServer([process.execPath, peer, JSON.stringify(options)]);
  try {
    return await task(server);
  } finally {
    await server.stop();
  }
}

function measureDeliveries(size: number, way: Way): Promise<DeliveryCost[]> {
  return withServer(ways[way], async ({ port, pid }) => {
    const phases = LOADS.map(({ messagesPerTurn, deliveriesPerSecond }) => {
      const turnsPerSecond = Math.min(MOST_TURNS_PER_SECOND, deliveriesPerSecond / size / messagesPerTurn);
      return { messagesPerTurn, turnsPerSecond, seconds: SECONDS };
    });
    const results = await runLoad<BroadcastConfig, BroadcastResult[]>(load("broadcast-load.ts"), {
      ...{ dialect: "signalr", port, pid },
      clients: size,
      phases,
    });
    return results.map(({ messagesPerTurn, cpuPerDelivery }) => ({ size, messagesPerTurn, way, cpuPerDelivery }));
  });
}

function measureIdle(options: object): Promise<number> {
  return withServer(options, async ({ port, pid }) => {
    const config: IdleConfig = { dialect: "signalr", port, pid, ...IDLE };
    const { bytesPerConnection } = await runLoad<IdleConfig, IdleResult>(load("idle-load.ts"), config);
    return bytesPerConnection;
  });
}

async function median(count: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let index = 0; index < count; index++) values.push(await measure());
  return values.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? 0;
}

/** Both ways take turns, so that whatever else the machine does meets both. */
async function measureSize(size: number): Promise<DeliveryCost[]> {
  const all: DeliveryCost[] = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const way of wayNames) all.push(...(await measureDeliveries(size, way)));
  return LOADS.flatMap(({ messagesPerTurn }) =>
    wayNames.flatMap((way) => {
      const same = all.filter((cost) => cost.way === way && cost.messagesPerTurn === messagesPerTurn);
      return same.toSorted((a, b) => a.cpuPerDelivery - b.cpuPerDelivery)[Math.floor(ROUNDS / 2)] ?? [];
    }),
  );
}

export async function runThreshold(): Promise<ThresholdReport> {
  const machine = inspectMachine();
  const idleOf = (options: object) => median(ROUNDS, () => measureIdle(options));
  const idle = {
    alone: await idleOf({ groups: 0 }),
    each: await idleOf({ ...ways.each, groups: MEMBERSHIPS }),
    native: await idleOf({ ...ways.native, groups: MEMBERSHIPS }),
  };
  const costs: DeliveryCost[] = [];
  for (const size of SIZES) {
    const measured = await measureSize(size);
    costs.push(...measured);
    const told = measured.map((cost) => `${cost.way} ${cost.cpuPerDelivery.toFixed(2)} µs`);
    console.log(`${size} members: ${told.join(", ")}`);
  }
  return { date: new Date().toISOString(), machine, costs, memberships: MEMBERSHIPS, idle };
}
