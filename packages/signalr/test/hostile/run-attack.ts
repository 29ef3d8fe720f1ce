import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { startOnNode } from "../node/start-node.ts";
import { startOnBun } from "../node/start-on-bun.ts";
import type { Attack } from "./attacks/index.ts";
import { type EchoClient, type Latency, openEchoClient } from "./echo-client.ts";
import type { ServerReport } from "./server-report.ts";

export const runtimes = ["Bun", "Node", "node:http under Bun"] as const;
export type Runtime = (typeof runtimes)[number];

const main = (name: string): string => join(import.meta.dir, name);
const starts = {
  Bun: () => startOnBun(main("bun-main.ts")),
  Node: () => startOnNode(main("node-main.ts")),
  "node:http under Bun": () => startOnBun(main("node-main.ts")),
} as const satisfies Record<Runtime, unknown>;

/** What the server spent. */
export interface Effort {
  /** Milliseconds of CPU a second. */
  readonly cpu: number;
  /** Most milliseconds of CPU between two timers. */
  readonly longestTurn: number;
  /** Milliseconds of CPU that 99 of 100 requests waited at most for the turn that was running. */
  readonly wait: number;
}

/** What an attack cost. */
export interface AttackResult {
  readonly before: Latency & Effort;
  readonly during: Latency & Effort;
  /** During the attack, of a client on a server that is not attacked: what the machine has to do with it. */
  readonly beside: Latency | null;
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
  const server = await starts[runtime]();
  const report = async (): Promise<ServerReport> => (await fetch(`${server.address}/report`)).json();
  const client = await openEchoClient(server.address);
  await client.measureDuring(Bun.sleep(500));
  return {
    /** @param beside a client on another server, where it is to be told what the machine has to do with it */
    attack: (attack: Attack, seconds: number, beside: EchoClient | null = null) =>
      runAttack({ address: server.address, report, client, beside }, attack, seconds),
    client,
    async stop() {
      await client.stop();
      await server.stop();
    },
  };
}

export type AttackedServer = Awaited<ReturnType<typeof startServer>>;

interface Scene {
  readonly address: string;
  report(): Promise<ServerReport>;
  readonly client: EchoClient;
  readonly beside: EchoClient | null;
}

async function runAttack(scene: Scene, attack: Attack, seconds: number): Promise<AttackResult> {
  const { address, report, client } = scene;
  const measure = (task: Promise<unknown>) =>
    Promise.all([client.measureDuring(task), scene.beside?.measureDuring(task) ?? null]);
  const effortOf = ({ cpu, longestTurn, wait }: ServerReport, milliseconds: number) => ({
    cpu: (cpu * 1000) / milliseconds,
    longestTurn,
    wait,
  });
  await report();
  const calm = Math.min(10, seconds / 2) * 1000;
  const [latency] = await measure(Bun.sleep(calm));
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
  // Where figures count, the attacker is as good as on a machine of its own: its work there is not what is measured.
  if (scene.beside !== null) setPriority(attacker.pid, constants.priority.PRIORITY_LOW);
  const [suffered, beside] = await measure(attacker.exited);
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
    beside,
    grown: end.resident - start.resident,
    grownHeap: end.heap - start.heap,
    peak: first.peak - start.resident,
    left: end.connections - 1,
    outcomes,
    ends,
  };
}
