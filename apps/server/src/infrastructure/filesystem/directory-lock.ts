import { Database } from "bun:sqlite";
import { join } from "node:path";
import { StartError } from "../../config/start-error.ts";

/** A server that was killed lets go only when the system has cleared it away: wait so long for it, in milliseconds. */
const clearingAway = 2_000;

export interface DirectoryLock {
  release(): void;
}

/**
 * Claims a data directory for this process. The claim is SQLite's lock on a file, which the system drops with the
 * process, however it ends, and which child processes do not inherit.
 * @throws StartError when another server has it
 */
export function lockDirectory(directory: string): DirectoryLock {
  const file = join(directory, "lock");
  let database: Database | undefined;
  try {
    database = new Database(file);
    database.run(`pragma busy_timeout = ${clearingAway}`);
    database.run("pragma journal_mode = memory");
    database.run("begin exclusive");
  } catch (error) {
    database?.close();
    if (error instanceof Error && "code" in error && error.code === "SQLITE_BUSY") {
      throw new StartError(`Another Hubbub server is using the data directory ${directory}.`, { cause: error });
    }
    throw new StartError(`The lock ${file} cannot be taken: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  const held = database;
  return { release: () => held.close() };
}
