import { closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import type { Subprocess } from "bun";
import { StartError } from "../../config/start-error.ts";
import type { UnprivilegedUser } from "./unprivileged-user.ts";

/** A log beyond this many bytes is put aside before PostgreSQL starts. */
const mostLogBytes = 10 * 1024 * 1024;

/**
 * Wraps a command so that it runs as PostgreSQL's user and is asked to end (SIGINT, a clean shutdown) when this
 * process dies. Systems without setpriv have no such request: the next start ends what was left.
 */
function wrap(command: readonly string[], user: UnprivilegedUser | undefined): string[] {
  const setpriv = Bun.which("setpriv", { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" });
  if (setpriv === null) {
    if (user !== undefined) throw new StartError("As root the server needs the program setpriv (of util-linux).");
    return [...command];
  }
  const identity = user === undefined ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
  return [setpriv, ...identity, "--pdeathsig=INT", ...command];
}

function openLog(path: string): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > mostLogBytes) renameSync(path, `${path}.old`);
  return openSync(path, "a", 0o600);
}

/**
 * Starts a program of PostgreSQL, apart from our terminal: Ctrl-C reaches us alone, and PostgreSQL ends after us.
 * @param places where it works, by which a later start finds it, and the file that takes its output
 */
export function spawnPostgres(
  command: readonly string[],
  user: UnprivilegedUser | undefined,
  places: { readonly directory: string; readonly log: string },
): Subprocess<"ignore", number, number> {
  const output = openLog(places.log);
  try {
    return Bun.spawn(wrap(command, user), {
      cwd: places.directory,
      detached: true,
      env: { PATH: "/usr/bin:/bin" },
      stdio: ["ignore", output, output],
    });
  } finally {
    closeSync(output);
  }
}

/** What PostgreSQL said last that tells why it ended. */
export function lastComplaint(log: string): string {
  const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-20);
  const told = lines.findLast((line) => /FATAL|PANIC|error:/i.test(line)) ?? lines.at(-1) ?? "";
  return `${told.trim().replace(/^.*?(?=FATAL|PANIC|initdb: )/, "")} (see ${log})`;
}
