import { join } from "node:path";
import { startOnNode } from "../node/start-node.ts";
import type { Attack } from "./attacks/index.ts";
import { type EchoClient, type Latency, openEchoClient } from "./echo-client.ts";
import type { ServerReport } from "./server-report.ts";
import { startOnBun } from "./start-on-bun.ts";

export const runtimes = ["Bun", "Node"] as const;
export type Runtime = (typeof runtimes)[number];

/** What the server spent. */
export interface Effort {
  /** Milliseconds of CPU a second. */
  readonly cpu: number;
  /** Most milliseconds of CPU between two timers. */
  readonly longestTurn: number;
}

/** What an attack cost. */
export interface AttackResult {
  readonly before: Latency & Effort;
  readonly during: Latency & Effort;
  /** Megabytes by which the resident memory, after a collection, is above where it was. */
  readonly grown: number;
  /** The same of live objects. */
  readonly grownHeap: number;
  /** Largest growth of resident megabytes during the attack. */
  readonly peak: number;
  /** Connections that the attack has left. */
  readonly left: number;
  /** What the server did, and how often. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Why its connections ended, and how often. */
  readonly ends: Readonly<Record<string, number>>;
}

/** Megabytes that an attack may cost for good. */
export const allowedGrowth = 50;
/** Milliseconds after which what an attack has left must be gone: longer than any time-out of the hub. */
const settling = 8000;

/** A server in a process of its own, with a client that is served. */
export async function startServer(runtime: Runtime) {
  const server =
    runtime === "Bun"
      ? await startOnBun(join(import.meta.dir, "bun-main.ts"))
      : await startOnNode(join(import.meta.dir, "node-main.ts"));
  const report = async (): Promise<ServerReport> => (await fetch(`${server.address}/report`)).json();
  const client = await openEchoClient(server.address);
  await client.measureDuring(Bun.sleep(500));
  return {
    attack: (attack: Attack, seconds: number) => runAttack(server.address, report, client, attack, seconds),
    async stop() {
      await client.stop();
      await server.stop();
    },
  };
}

export type AttackedServer = Awaited<ReturnType<typeof startServer>>;

async function runAttack(
  address: string,
  report: () => Promise<ServerReport>,
  client: EchoClient,
  attack: Attack,
  seconds: number,
): Promise<AttackResult> {
  const effortOf = ({ cpu, longestTurn }: ServerReport, milliseconds: number) => ({
    cpu: (cpu * 1000) / milliseconds,
    longestTurn,
  });
  await report();
  const calm = Math.min(3, seconds / 2) * 1000;
  const latency = await client.measureDuring(Bun.sleep(calm));
  const start = await report();
  const before = { ...latency, ...effortOf(start, calm) };
  const begun = performance.now();
  const attacker = Bun.spawn(
    [process.execPath, join(import.meta.dir, "attacker.ts"), address, attack.name, `${seconds}`],
    {
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  const suffered = await client.measureDuring(attacker.exited);
  const outcomes = JSON.parse(await new Response(attacker.stdout).text());
  const took = performance.now() - begun;
  const first = await report();
  const during = { ...suffered, ...effortOf(first, took) };
  let end = first;
  const ends = { ...first.ends };
  const last = Date.now() + settling;
  while ((end.connections > 1 || end.resident - start.resident > allowedGrowth / 2) && Date.now() < last) {
    await Bun.sleep(100);
    end = await report();
    for (const [kind, count] of Object.entries(end.ends)) ends[kind] = (ends[kind] ?? 0) + count;
  }
  return {
    before,
    during,
    grown: end.resident - start.resident,
    grownHeap: end.heap - start.heap,
    peak: first.peak - start.resident,
    left: end.connections - 1,
    outcomes,
    ends,
  };
}
