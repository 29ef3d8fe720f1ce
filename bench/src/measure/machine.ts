import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem } from "node:os";

/** Where a report was made. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
  readonly kernel: string;
  /** Of the last minute, when the run began: above the number of cores its times say little. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

function versionOf(command: string, ...options: readonly string[]): string | undefined {
  try {
    return execFileSync(command, options, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

export function inspectMachine(): Machine {
  const versions = {
    bun: Bun.version,
    node: versionOf("node", "--version")?.slice(1),
    dotnet: versionOf("dotnet", "--version"),
    commit: versionOf("git", "rev-parse", "--short", "HEAD"),
  };
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? "unknown",
    memoryBytes: totalmem(),
    kernel: release(),
    load: loadavg()[0] ?? 0,
    versions: Object.fromEntries(
      Object.entries(versions).flatMap(([name, is]) => (is === undefined ? [] : [[name, is]])),
    ),
  };
}
