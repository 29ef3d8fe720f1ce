import type { SQL, TransactionSQL } from "bun";

const SCHEMA = "hubbub_seed";

/**
 * Lets what the database's functions write have happened at another time: in a transaction of the seed a function of
 * that name stands before PostgreSQL's own. Nobody else's transactions see it.
 */
export async function makeSeedClock(sql: SQL): Promise<void> {
  await sql.unsafe(`create schema if not exists ${SCHEMA}`);
  await sql.unsafe(
    `create or replace function ${SCHEMA}.clock_timestamp() returns timestamptz language sql volatile as $$
       select pg_catalog.current_setting('${SCHEMA}.now')::timestamptz $$`,
  );
}

export async function removeSeedClock(sql: SQL): Promise<void> {
  await sql.unsafe(`drop schema if exists ${SCHEMA} cascade`);
}

/** A transaction in which it is another time. */
export async function transactionAt(sql: SQL, at: Date, work: (tx: TransactionSQL) => Promise<void>): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select set_config('search_path', ${`${SCHEMA}, public, pg_catalog`}, true),
                    set_config(${`${SCHEMA}.now`}, ${at.toISOString()}, true)`;
    await work(tx);
  });
}
