import { SQL } from "bun";
import { Unavailable } from "../../ports/conversation-writer.ts";

/** The server did not answer in time: frozen, overloaded or cut off. What was asked may still have happened. */
export class DeadlineExceeded extends Error {
  constructor(milliseconds: number) {
    super(`PostgreSQL did not answer within ${milliseconds} ms`);
    this.name = "DeadlineExceeded";
  }
}

/** Codes of Bun's driver for a connection that could not be made or was lost. */
const lostConnection: ReadonlySet<string> = new Set([
  "ERR_POSTGRES_CONNECTION_CLOSED",
  "ERR_POSTGRES_CONNECTION_FAILED",
  "ERR_POSTGRES_CONNECTION_REFUSED",
  "ERR_POSTGRES_CONNECTION_TIMEOUT",
  "ERR_POSTGRES_IDLE_TIMEOUT",
  "ERR_POSTGRES_LIFETIME_TIMEOUT",
]);

/**
 * SQLSTATEs by which a server says that it is going, coming or full; class 08 besides.
 * https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const awayStates: ReadonlySet<string> = new Set(["57P01", "57P02", "57P03", "53300"]);

/** The SQLSTATE of an error that PostgreSQL answered, such as "23505"; undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof SQL.PostgresError && /^[0-9A-Z]{5}$/.test(error.errno ?? "") ? error.errno : undefined;
}

/** Whether the database was out of reach, so that the same request may succeed a moment later. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof Unavailable || error instanceof DeadlineExceeded) return true;
  if (!(error instanceof SQL.PostgresError)) return false;
  const state = sqlState(error);
  return state === undefined ? lostConnection.has(error.code) : state.startsWith("08") || awayStates.has(state);
}

/** What callers see: `Unavailable` for a database out of reach, every other error as it is. */
export function translateError(error: unknown): unknown {
  return isConnectionLoss(error) && !(error instanceof Unavailable)
    ? new Unavailable(undefined, { cause: error })
    : error;
}
