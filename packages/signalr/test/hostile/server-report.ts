import { readFileSync } from "node:fs";
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
  /** How often connections ended for each reason since the last report. */
  readonly ends: Readonly<Record<string, number>>;
}

const megabyte = 1024 * 1024;
/** Milliseconds between two looks at the time. */
const interval = 5;

/** Counts the CPU time of this process, and the most that its main thread took between two timers. */
class Stopwatch {
  #since = cpuTime();
  #last = mainThreadTime();
  #longest = 0;

  constructor() {
    setInterval(() => this.#look(), interval).unref();
  }

  read(): { cpu: number; longestTurn: number } {
    this.#look();
    return { cpu: cpuTime() - this.#since, longestTurn: this.#longest };
  }

  restart(): void {
    this.#since = cpuTime();
    this.#last = mainThreadTime();
    this.#longest = 0;
  }

  #look(): void {
    const now = mainThreadTime();
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
  }
}

/** @returns milliseconds; collectors run beside the main thread. Linux only, elsewhere the time of all threads. */
function mainThreadTime(): number {
  if (process.platform !== "linux") return cpuTime();
  return Number.parseInt(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1"), 10) / 1e6;
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
