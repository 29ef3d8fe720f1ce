import { createHash } from "node:crypto";
import {
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  realpathSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { StartError } from "../../config/start-error.ts";

/** Where root keeps data that PostgreSQL's user must reach. */
const systemDirectory = "/var/lib/hubbub";

export interface DataDirectoryOptions {
  /** Absolute. */
  readonly path: string;
  /** Whether the operator named it; only a default may be moved. */
  readonly explicit: boolean;
  /** Another user who must be able to pass the directory, such as PostgreSQL's. */
  readonly guest?: {
    readonly name: string;
    /** The directory on the way to a path that the guest may not enter; undefined if none. */
    readonly barredAt: (path: string) => string | undefined;
  };
}

export interface DataDirectory {
  /** Without symbolic links. */
  readonly path: string;
  /** The default that was not used, as the guest could not reach it. */
  readonly insteadOf?: string;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^[A-Z]+: /, "") : String(error);
}

/** A name for the data of one checkout among others: readable, and different for every path. */
function derivedName(path: string): string {
  const readable = path.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
  return `${readable.slice(-60)}-${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;
}

/** As root every file is writable; a directory somebody closed to writing is respected all the same. */
function checkWritable(path: string, stats: Stats): void {
  if ((stats.mode & constants.S_IWUSR) === 0) {
    throw new StartError(
      `The data directory ${path} is closed to writing: give it other permissions, or set HUBBUB_DATA_DIR.`,
    );
  }
  try {
    writeFileSync(join(path, "lock"), "", { flag: "a", mode: 0o600 });
  } catch (error) {
    throw new StartError(`The data directory ${path} cannot be written: ${describe(error)}`, { cause: error });
  }
}

/** Everybody may pass through it, whatever mask this process has. */
function makePublic(directory: string): void {
  if (existsSync(directory)) return;
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o755);
}

function create(path: string): Stats {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
    return statSync(path);
  } catch (error) {
    throw new StartError(`The data directory ${path} cannot be made: ${describe(error)}`, { cause: error });
  }
}

/**
 * Makes the data directory if there is none and sees that it can be used. It is closed to others, except that a guest
 * may pass through it to what is his.
 * @throws StartError when it is a file, cannot be written, or lies where the guest cannot go
 */
export function openDataDirectory(options: DataDirectoryOptions): DataDirectory {
  const { path, explicit, guest } = options;
  if (existsSync(path) && !statSync(path).isDirectory()) throw new StartError(`The data directory ${path} is a file.`);
  // Its own permissions are ours to set; those of the directories above it are not.
  const barred = guest?.barredAt(dirname(path));
  if (guest !== undefined && barred !== undefined) {
    if (!explicit) {
      const moved = join(systemDirectory, derivedName(path));
      makePublic(systemDirectory);
      return { ...openDataDirectory({ path: moved, explicit: true, guest }), insteadOf: path };
    }
    throw new StartError(
      `The data directory ${path} is out of reach for PostgreSQL's user ${guest.name}, who may not enter ${barred}: set HUBBUB_DATA_DIR to another place, or allow it with chmod o+x ${barred}.`,
    );
  }
  const stats = create(path);
  checkWritable(path, stats);
  const real = realpathSync(path);
  if (guest !== undefined && guest.barredAt(real) === real) {
    if (stats.uid !== process.getuid?.()) {
      throw new StartError(
        `The data directory ${path} belongs to another user and is closed to PostgreSQL's user ${guest.name}.`,
      );
    }
    chmodSync(real, (stats.mode & 0o777) | 0o011);
  }
  return { path: real };
}
