import type { SQL } from "bun";
import { StartError } from "../../config/start-error.ts";
import { isConnectionLoss } from "./errors.ts";
import { runQuery } from "./run-query.ts";

/** Milliseconds for which a database that cannot be reached is asked again, as it may be starting beside us. */
const patience = 10_000;
const pause = 250;

/** Where a database is, without who may use it. */
function place(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `${searchParams.get("path") ?? host}${pathname}`;
}

interface Found {
  readonly encoding: string;
  /** As `server_version_num`: 180001 is 18.1. */
  readonly version: number;
}

/** The oldest major version with what the migrations use: `uuidv7()`, and old values in RETURNING. */
const oldestVersion = 18;

/** Why a database cannot be ours, or undefined if it can. */
export function unfitness({ encoding, version }: Found): string | undefined {
  const major = Math.floor(version / 10_000);
  if (major < oldestVersion) return `is PostgreSQL ${major}; Hubbub needs ${oldestVersion} or newer`;
  if (encoding !== "UTF8") return `is in ${encoding}; Hubbub needs one in UTF8`;
  return undefined;
}

/**
 * Waits for a database given by its address and sees that it fits.
 * @throws StartError when it cannot be reached within ten seconds, refuses us, is too old, or is not in UTF-8
 */
export async function waitForDatabase(sql: SQL, url: string): Promise<void> {
  for (const began = performance.now(); ; await Bun.sleep(pause)) {
    try {
      const problem = unfitness(await look(sql));
      if (problem === undefined) return;
      throw new StartError(`The database ${place(url)} ${problem}.`);
    } catch (error) {
      if (error instanceof StartError) throw error;
      if (isConnectionLoss(error) && performance.now() - began < patience) continue;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new StartError(`The database ${place(url)} of DATABASE_URL cannot be used: ${reason}`, { cause: error });
    }
  }
}

async function look(sql: SQL): Promise<Found> {
  const [found] = await runQuery<{ encoding: string; version: number }>(
    sql`select current_setting('server_encoding') as encoding,
               current_setting('server_version_num')::integer as version`,
    patience,
  );
  if (found === undefined) throw new Error("it does not tell its version");
  return found;
}
