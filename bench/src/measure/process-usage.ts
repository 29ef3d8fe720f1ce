import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks of /proc a second: USER_HZ, the same on every Linux that Bun runs on. */
const TICKS_PER_SECOND = 100;

interface Stat {
  readonly parent: number;
  /** Own, user and system. */
  readonly ticks: number;
  /** Of children that have ended and were waited for. */
  readonly endedChildrenTicks: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // the name, in brackets, may hold spaces
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const number = (field: number) => Number(fields[field - 3]);
    return { parent: number(4), ticks: number(14) + number(15), endedChildrenTicks: number(16) + number(17) };
  } catch {
    return undefined; // it has ended meanwhile
  }
}

/** Seconds of CPU, user and system, that a process itself has used, to within 10 ms. */
export function cpuSecondsOf(pid: number): number {
  return (statOf(pid)?.ticks ?? 0) / TICKS_PER_SECOND;
}

/** The same with its descendants, the living and the ended: for servers of many processes. */
export function cpuSecondsOfTree(pid: number): number {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat !== undefined) stats.set(Number(name), stat);
  }
  const sum = (root: number): number => {
    const own = stats.get(root);
    if (own === undefined) return 0;
    const children = [...stats].filter(([, { parent }]) => parent === root);
    return own.ticks + own.endedChildrenTicks + children.reduce((total, [child]) => total + sum(child), 0);
  };
  return sum(pid) / TICKS_PER_SECOND;
}

/** Bytes of memory that a process holds in RAM. */
export function residentBytesOf(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
