import type { SQL } from "bun";

/** Milliseconds after which PostgreSQL's processes have told what they did. */
const TELLING = 2_500;

/** Transactions of the database while something happens, the server's own looks among them; a query outside of one is one. */
export async function countQueries(sql: SQL, work: () => Promise<void>): Promise<number> {
  const count = async () => {
    await Bun.sleep(TELLING);
    const [row] = await sql`
      select (xact_commit + xact_rollback)::float8 as transactions from pg_stat_database where datname = current_database()`;
    return Number(row.transactions);
  };
  const before = await count();
  await work();
  return (await count()) - before;
}
