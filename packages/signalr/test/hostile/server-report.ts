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
  /** How often connections ended for each reason since the last report. */
  readonly ends: Readonly<Record<string, number>>;
}

const megabyte = 1024 * 1024;

/** @param collect runs the garbage collector of the runtime */
export function reporter(signalr: SignalR, collect: () => void): () => ServerReport {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss() / megabyte);
  };
  setInterval(look, 50).unref();
  return () => {
    look();
    collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    const report = {
      resident: rss / megabyte,
      heap: (heapUsed + external) / megabyte,
      peak,
      connections: signalr.hub(hostileHub).connectionIds().length + signalr.hub(largeHub).connectionIds().length,
      ends: Object.fromEntries(ends),
    };
    peak = 0;
    ends.clear();
    return report;
  };
}
