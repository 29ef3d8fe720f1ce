import { mkdirSync } from "node:fs";
import { join } from "node:path";

const bench = join(import.meta.dir, "../..");

/** Microseconds of CPU that the kernel takes to bring 300 bytes over one of 1,000 loopback sockets. */
export interface Floor {
  readonly oneAWrite: FloorCost;
  /** Ten messages in one write, for each of them. */
  readonly tenAWrite: FloorCost;
}

export interface FloorCost {
  /** Of the process that sends, with the kernel's receive path: what a server's CPU is held against. */
  readonly sender: number;
  readonly reader: number;
}

function compile(): string | undefined {
  if (Bun.which("cc") === null) return undefined;
  const program = join(bench, "dist/floor");
  mkdirSync(join(bench, "dist"), { recursive: true });
  const { exitCode, stderr } = Bun.spawnSync(["cc", "-O2", "-o", program, join(bench, "floor/floor.c")]);
  if (exitCode !== 0) throw new Error(`floor.c does not compile: ${stderr}`);
  return program;
}

function run(program: string, rounds: number, messages: number): FloorCost {
  const { exitCode, stdout, stderr } = Bun.spawnSync([program, "1000", String(rounds), String(messages)]);
  if (exitCode !== 0) throw new Error(`The floor was not measured: ${stderr}`);
  const cost: FloorCost = JSON.parse(stdout.toString());
  return cost;
}

/** Takes about two seconds. @returns undefined where there is no C compiler */
export function measureFloor(): Floor | undefined {
  const program = compile();
  if (program === undefined) return undefined;
  return { oneAWrite: run(program, 60, 1), tenAWrite: run(program, 30, 10) };
}

/** The median of several measurements: neighbours on the machine disturb single ones. */
export function medianFloor(floors: readonly Floor[]): Floor | undefined {
  if (floors.length === 0) return undefined;
  const median = (of: (floor: Floor) => number) => {
    const sorted = floors.map(of).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  };
  return {
    oneAWrite: { sender: median((floor) => floor.oneAWrite.sender), reader: median((floor) => floor.oneAWrite.reader) },
    tenAWrite: { sender: median((floor) => floor.tenAWrite.sender), reader: median((floor) => floor.tenAWrite.reader) },
  };
}
