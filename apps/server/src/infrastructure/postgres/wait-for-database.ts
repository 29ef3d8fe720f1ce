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

/**
 * Waits for a database given by its address and sees that it can hold every text.
 * @throws StartError when it cannot be reached within ten seconds, refuses us, or is not in UTF-8
 */
export async function waitForDatabase(sql: SQL, url: string): Promise<void> {
  for (const began = performance.now(); ; await Bun.sleep(pause)) {
    try {
      const [row] = await runQuery<{ encoding: string }>(
        sql`select current_setting('server_encoding') as encoding`,
        patience,
      );
      if (row?.encoding === "UTF8") return;
      throw new StartError(`The database ${place(url)} is in ${row?.encoding}; Hubbub needs one in UTF8.`);
    } catch (error) {
      if (error instanceof StartError) throw error;
      if (isConnectionLoss(error) && performance.now() - began < patience) continue;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new StartError(`The database ${place(url)} of DATABASE_URL cannot be used: ${reason}`, { cause: error });
    }
  }
}
