import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "../../config/start-error.ts";

const hasProc = existsSync("/proc/self/cwd");

/** https://www.postgresql.org/docs/18/storage-file-layout.html; the lines are those of PostgreSQL's miscinit.c */
function readPidFile(cluster: string): readonly string[] {
  try {
    return readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return [];
  }
}

/** The process id that PostgreSQL left in the directory of its cluster, whether it lives or not. */
export function postmasterPid(cluster: string): number | undefined {
  const pid = Number(readPidFile(cluster)[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** The directory of the socket that PostgreSQL opened last. */
export function socketDirectory(cluster: string): string | undefined {
  return readPidFile(cluster)[4] || undefined;
}

/** Whether this process serves: it writes so itself. */
export function isReady(cluster: string, pid: number): boolean {
  const lines = readPidFile(cluster);
  return lines[0] === String(pid) && lines[7]?.trim() === "ready";
}

/** PostgreSQL's processes all work in their cluster's directory; dead ones that nobody has waited for have left it. */
function processesIn(cluster: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        // A person's shell may stand there too.
        return (
          readlinkSync(`/proc/${name}/cwd`) === cluster &&
          /\/bin\/(postgres|initdb)\b/.test(readlinkSync(`/proc/${name}/exe`))
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Ends, without ceremony, the making of a cluster that nobody waits for any more, before its directory is removed. */
export async function killProcessesIn(directory: string): Promise<void> {
  if (!hasProc) return;
  for (let living = processesIn(directory); living.length > 0; living = processesIn(directory)) {
    signal(living, "SIGKILL");
    await Bun.sleep(10);
  }
}

/** Where there is no /proc we only know whom PostgreSQL named, and trust its own checks for the rest. */
function livingProcesses(cluster: string): readonly number[] {
  if (hasProc) return processesIn(cluster);
  const pid = postmasterPid(cluster);
  if (pid === undefined) return [];
  const command = Bun.spawnSync(["ps", "-o", "command=", "-p", String(pid)]).stdout.toString();
  return command.includes(cluster) ? [pid] : [];
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has just ended.
    }
  }
}

/** Milliseconds after which an earlier PostgreSQL is asked more firmly, and after which we give up. */
const patience = { immediate: 5_000, kill: 8_000, giveUp: 10_000 } as const;

function nextSignal(waited: number, postmaster: number | undefined, living: readonly number[]): NodeJS.Signals {
  if (waited >= patience.kill) return "SIGKILL";
  // Without its postmaster, a process that is busy with a query would first finish that.
  const orphaned = postmaster === undefined || !living.includes(postmaster);
  return orphaned || waited >= patience.immediate ? "SIGQUIT" : "SIGINT";
}

/**
 * Ends what an earlier server left running in the cluster's directory, and removes the mark it left there: a process
 * id that by now belongs to somebody else must not stop a start. The caller holds the lock of the data directory.
 * @param cluster without symbolic links
 * @returns whether something was still running
 * @throws StartError when it does not end within ten seconds
 */
export async function endEarlierPostgres(cluster: string): Promise<boolean> {
  const began = performance.now();
  const sent = new Set<NodeJS.Signals>();
  for (let living = livingProcesses(cluster); living.length > 0; living = livingProcesses(cluster)) {
    const waited = performance.now() - began;
    if (waited > patience.giveUp) {
      throw new StartError(`An earlier PostgreSQL in ${cluster} does not end (process ${living.join(", ")}).`);
    }
    const name = nextSignal(waited, postmasterPid(cluster), living);
    // A postmaster ends its own processes.
    if (!sent.has(name))
      signal(name === "SIGINT" ? living.filter((pid) => pid === postmasterPid(cluster)) : living, name);
    sent.add(name);
    await Bun.sleep(20);
  }
  if (hasProc) rmSync(join(cluster, "postmaster.pid"), { force: true });
  return sent.size > 0;
}
