import type { SQL } from "bun";
import { DeadlineExceeded, translateError } from "./errors.ts";
import { toSafeIntegers } from "./safe-integers.ts";

/** Waits for a query for at most so long, then cancels it: a frozen server never ends one by itself. */
async function withDeadline<T>(query: SQL.Query<T>, milliseconds: number): Promise<Awaited<SQL.Query<T>>> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    query.cancel();
    late.reject(new DeadlineExceeded(milliseconds));
  }, milliseconds);
  try {
    return await Promise.race([query, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs a query of Bun's driver the way every query here is run: within a deadline, with int8 as numbers.
 * @param deadline in milliseconds
 * @throws Unavailable when the database is out of reach or too slow, SQL.PostgresError for what it refused,
 *   RangeError for an int8 beyond 2^53
 */
export async function runQuery<Row extends Record<string, unknown>>(
  query: SQL.Query<Row[]>,
  deadline: number,
): Promise<Awaited<SQL.Query<Row[]>>> {
  try {
    const rows = await withDeadline(query, deadline);
    toSafeIntegers(rows);
    return rows;
  } catch (error) {
    throw translateError(error);
  }
}
