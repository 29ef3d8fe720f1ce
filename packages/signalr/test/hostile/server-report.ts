import { openSync, readSync } from "node:fs";
import type { SignalR } from "../../src/index.ts";
import { ends, hostileHub, largeHub } from "./hostile-hub.ts";

/** What a server under attack tells about itself. */
export interface ServerReport {
  /** Resident megabytes after a forced collection. */
  readonly resident: number;
  /** Megabytes of live objects after a forced collection. */
  readonly heap: number;
  /** Largest resident megabytes since the last report. */
  readonly peak: number;
  readonly connections: number;
  /** Milliseconds of CPU since the last report. */
  readonly cpu: number;
  /** Most milliseconds of CPU between two looks, which is how long others waited, however busy the machine. */
  readonly longestTurn: number;
  /** Milliseconds of CPU that 99 of 100 requests, come at any time, waited at most for the turn that was running. */
  readonly wait: number;
  /** How often connections ended for each reason since the last report. */
  readonly ends: Readonly<Record<string, number>>;
}

const megabyte = 1024 * 1024;
/** Milliseconds between two looks at the time. */
const interval = 1;

/** Counts the CPU time of this process, and what its main thread took between two timers. */
class Stopwatch {
  readonly #mainThreadTime = clockOfMainThread();
  #begun = performance.now();
  #since = cpuTime();
  #last = this.#mainThreadTime();
  #turns: number[] = [];

  constructor() {
    setInterval(() => this.#look(), interval).unref();
  }

  read(): { cpu: number; longestTurn: number; wait: number } {
    this.#look();
    const turns = this.#turns.toSorted((a, b) => b - a);
    const wait = waitFor(turns, (performance.now() - this.#begun) / 100);
    return { cpu: cpuTime() - this.#since, longestTurn: turns[0] ?? 0, wait };
  }

  restart(): void {
    this.#begun = performance.now();
    this.#since = cpuTime();
    this.#last = this.#mainThreadTime();
    this.#turns = [];
  }

  #look(): void {
    const now = this.#mainThreadTime();
    // Nothing shorter is a turn that anyone waited for: it is many of them.
    if (now - this.#last > interval / 2) this.#turns.push(now - this.#last);
    this.#last = now;
  }
}

/**
 * @param turns what turns took, the longest first
 * @param share the time in which one may wait for longer
 * @returns how long one waits at most otherwise: within a turn of length t it is above w for the first t - w
 */
function waitFor(turns: readonly number[], share: number): number {
  let sum = 0;
  for (const [index, turn] of turns.entries()) {
    const above = sum - index * turn;
    if (above > share) return (sum - share) / index;
    sum += turn;
  }
  return Math.max(0, sum - share) / Math.max(1, turns.length);
}

/** @returns a clock of milliseconds; collectors run beside the main thread. Linux only, elsewhere the time of all threads. */
function clockOfMainThread(): () => number {
  if (process.platform !== "linux") return cpuTime;
  const file = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
  const text = Buffer.alloc(64);
  return () => {
    // The kernel adds up what a running thread has taken when it is asked for the time of the process.
    process.cpuUsage();
    return Number.parseInt(text.toString("latin1", 0, readSync(file, text, 0, text.length, 0)), 10) / 1e6;
  };
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** @param collect runs the garbage collector of the runtime */
export function reporter(signalr: SignalR, collect: () => void): () => ServerReport {
  const stopwatch = new Stopwatch();
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss() / megabyte);
  };
  setInterval(look, 50).unref();
  return () => {
    look();
    const time = stopwatch.read();
    collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    const report = {
      ...time,
      resident: rss / megabyte,
      heap: (heapUsed + external) / megabyte,
      peak,
      connections: signalr.hub(hostileHub).connectionIds().length + signalr.hub(largeHub).connectionIds().length,
      ends: Object.fromEntries(ends),
    };
    peak = 0;
    ends.clear();
    stopwatch.restart();
    return report;
  };
}
