import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { StartError } from "../../config/start-error.ts";
import type { PostgresBinaries } from "./binaries.ts";
import { killProcessesIn } from "./postmaster.ts";
import { lastComplaint, spawnPostgres } from "./spawn-postgres.ts";
import type { UnprivilegedUser } from "./unprivileged-user.ts";

/** The only role and the database of an embedded cluster. */
export const embeddedRole = "hubbub";
export const embeddedDatabase = "postgres";

const majorVersion = "18";

/**
 * The machine's locale must not decide the database's. Whoever reaches the socket, in a directory closed to all but
 * PostgreSQL's user, is trusted; nobody else has a way in.
 */
const initdbOptions = [
  `--username=${embeddedRole}`,
  "--encoding=UTF8",
  "--locale-provider=builtin",
  "--locale=C.UTF-8",
  "--auth-local=trust",
  "--auth-host=reject",
  "--no-instructions",
] as const;

/** Stands between the cluster's name and the process that is making it. */
const unfinishedMark = ".unfinished-";

async function removeUnfinished(cluster: string): Promise<void> {
  const parent = dirname(cluster);
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(basename(cluster) + unfinishedMark)) continue;
    const unfinished = join(parent, name);
    await killProcessesIn(unfinished);
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function syncDirectory(path: string): void {
  const directory = openSync(path, "r");
  fsyncSync(directory);
  closeSync(directory);
}

export interface ClusterOptions {
  readonly cluster: string;
  readonly binaries: PostgresBinaries;
  readonly user: UnprivilegedUser | undefined;
  readonly log: string;
  /** False only for data that may be lost, in tests. */
  readonly durable: boolean;
}

/**
 * Makes the cluster unless it is there. It is made beside its place and then moved, so that a start cut short leaves
 * none that looks complete.
 * @throws StartError when it cannot be made, or was made by another major version
 */
export async function ensureCluster({ cluster, binaries, user, log, durable }: ClusterOptions): Promise<void> {
  await removeUnfinished(cluster);
  if (existsSync(cluster)) {
    checkVersion(cluster);
    return;
  }
  const unfinished = `${cluster}${unfinishedMark}${process.pid}`;
  mkdirSync(unfinished, { mode: 0o700 });
  if (user !== undefined) chownSync(unfinished, user.uid, user.gid);
  const command = [binaries.initdb, "-D", unfinished, ...initdbOptions, ...(durable ? [] : ["--no-sync"])];
  const code = await spawnPostgres(command, user, { log, directory: unfinished }).exited;
  if (code !== 0) throw new StartError(`PostgreSQL could not make its database: ${lastComplaint(log)}`);
  renameSync(unfinished, cluster);
  if (durable) syncDirectory(dirname(cluster));
}

function checkVersion(cluster: string): void {
  let version: string;
  try {
    version = readFileSync(join(cluster, "PG_VERSION"), "utf8").trim();
  } catch (error) {
    throw new StartError(`${cluster} is not a directory of PostgreSQL that this user can read.`, { cause: error });
  }
  if (version !== majorVersion) {
    throw new StartError(`${cluster} is of PostgreSQL ${version}; this Hubbub brings PostgreSQL ${majorVersion}.`);
  }
}
