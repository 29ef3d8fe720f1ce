import { constants, existsSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { StartError } from "../../config/start-error.ts";

/** Whom PostgreSQL runs as when the server runs as root: PostgreSQL refuses to. */
export interface UnprivilegedUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

function readUsers(): readonly UnprivilegedUser[] {
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

/**
 * The user that PostgreSQL must be run as; undefined when the server is not root, and so runs it as itself.
 * @param cluster directory whose owner it has to be, if it exists already
 * @throws StartError when the machine has no such user
 */
export function unprivilegedUser(cluster: string): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = existsSync(cluster) ? statSync(cluster) : undefined;
  if (owner !== undefined && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const users = readUsers();
  const user = ["postgres", "nobody"].map((name) => users.find((each) => each.name === name)).find(Boolean);
  if (user === undefined)
    throw new StartError("PostgreSQL may not run as root, and there is no user postgres or nobody.");
  return user;
}

/** By permission bits; lists of access rights beyond them are not read. */
function mayEnter(stats: Stats, user: UnprivilegedUser): boolean {
  if (stats.uid === user.uid) return (stats.mode & constants.S_IXUSR) !== 0;
  if (stats.gid === user.gid) return (stats.mode & constants.S_IXGRP) !== 0;
  return (stats.mode & constants.S_IXOTH) !== 0;
}

/** The existing directory that `path` is or would lie in, without symbolic links. */
function nearestDirectory(path: string): string {
  try {
    if (statSync(path).isDirectory()) return realpathSync(path);
  } catch {
    // It is not there yet.
  }
  return nearestDirectory(dirname(path));
}

/** The outermost directory on the way to `path`, itself included, that the user may not enter; undefined if none. */
export function barredDirectory(path: string, user: UnprivilegedUser): string | undefined {
  const nearest = nearestDirectory(path);
  const way = [nearest];
  for (let directory = nearest; directory !== dirname(directory); directory = dirname(directory)) {
    way.unshift(dirname(directory));
  }
  return way.find((directory) => !mayEnter(statSync(directory), user));
}
