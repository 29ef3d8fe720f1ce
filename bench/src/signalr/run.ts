import { join } from "node:path";
import { runLoad } from "../load/child.ts";
import { type Floor, measureFloor, medianFloor } from "../measure/floor.ts";
import { inspectMachine, type Machine } from "../measure/machine.ts";
import type { BroadcastConfig, BroadcastPhase, BroadcastResult } from "./broadcast-load.ts";
import type { IdleConfig, IdleResult } from "./idle-load.ts";
import { type MeasuredServer, measuredServers, startServer } from "./servers.ts";

const CLIENTS = 1000;
/** About 30,000 deliveries a second: no server here is at its limit, so that a turn's messages stay a turn's. */
const PHASES: readonly BroadcastPhase[] = [
  { messagesPerTurn: 1, turnsPerSecond: 30, seconds: 6 },
  { messagesPerTurn: 10, turnsPerSecond: 4, seconds: 6 },
];
const IDLE = { first: 1000, more: 5000 };

export interface ServerReport {
  readonly name: string;
  readonly title: string;
  /** Why it was left out. */
  readonly absent?: string;
  readonly broadcasts: readonly BroadcastResult[];
  readonly idle?: IdleResult;
}

export interface SignalRReport {
  readonly date: string;
  readonly machine: Machine;
  readonly clients: number;
  /** The median of one measurement before each server. */
  readonly floor?: Floor;
  readonly floors: readonly Floor[];
  readonly servers: readonly ServerReport[];
}

const load = (name: string): string => join(import.meta.dir, name);

async function measure({ name, title, dialect, prepare }: MeasuredServer): Promise<ServerReport> {
  const command = await prepare();
  if ("absent" in command) return { name, title, absent: command.absent, broadcasts: [] };
  const first = await startServer(command);
  let broadcasts: readonly BroadcastResult[];
  try {
    broadcasts = await runLoad<BroadcastConfig, BroadcastResult[]>(load("broadcast-load.ts"), {
      dialect,
      port: first.port,
      pid: first.pid,
      clients: CLIENTS,
      phases: PHASES,
    });
  } finally {
    await first.stop();
  }
  const second = await startServer(command);
  try {
    const target = { dialect, port: second.port, pid: second.pid };
    const idle = await runLoad<IdleConfig, IdleResult>(load("idle-load.ts"), { ...target, ...IDLE });
    return { name, title, broadcasts, idle };
  } finally {
    await second.stop();
  }
}

/** @param only names of servers; none: all */
export async function runSignalR(only: readonly string[]): Promise<SignalRReport> {
  const machine = inspectMachine();
  const floors: Floor[] = [];
  const servers: ServerReport[] = [];
  for (const server of measuredServers) {
    if (only.length > 0 && !only.includes(server.name)) continue;
    const floor = measureFloor();
    if (floor !== undefined) floors.push(floor);
    const report = await measure(server);
    servers.push(report);
    const costs = report.broadcasts.map(
      ({ messagesPerTurn, cpuPerDelivery }) => `${cpuPerDelivery.toFixed(2)} µs at ${messagesPerTurn} a turn`,
    );
    console.log(
      `${server.title}: ${report.absent ?? `${costs.join(", ")}; ${((report.idle?.bytesPerConnection ?? 0) / 1000).toFixed(1)} KB idle`}`,
      floor === undefined ? "" : `(floor ${floor.oneAWrite.sender.toFixed(2)} / ${floor.tenAWrite.sender.toFixed(2)})`,
    );
  }
  const floor = medianFloor(floors);
  return { date: new Date().toISOString(), machine, clients: CLIENTS, ...(floor && { floor }), floors, servers };
}
