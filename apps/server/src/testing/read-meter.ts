import { sql } from "kysely";
import { openDatabase, type Pools } from "../infrastructure/postgres/database.ts";
import type { Database, Tables } from "../ports/database.ts";

/** One connection that tells how many pages of tables and indexes its queries read: what they cost on any machine. */
export class ReadMeter {
  readonly #pools: Pools<Tables>;

  constructor(url: string) {
    this.#pools = openDatabase<Tables>(url, { writer: 1, reads: 1, slow: 1 });
  }

  /** What is to be measured runs here. */
  get db(): Database {
    return this.#pools.reads.kysely;
  }

  /** Of a plan made for what is asked, or of one for whatever may be asked: PostgreSQL takes either; the dearer one counts. */
  async pagesOf(work: () => Promise<unknown>): Promise<number> {
    const pages: number[] = [];
    for (const mode of ["force_custom_plan", "force_generic_plan"]) {
      await sql`set plan_cache_mode = ${sql.lit(mode)}`.execute(this.db);
      await work();
      // the less of two runs: a vacuum may read too
      pages.push(Math.min(await this.#readBy(work), await this.#readBy(work)));
    }
    return Math.max(...pages);
  }

  async #readBy(work: () => Promise<unknown>): Promise<number> {
    const before = await this.#pagesRead();
    await work();
    return (await this.#pagesRead()) - before;
  }

  async #pagesRead(): Promise<number> {
    await sql`select pg_stat_force_next_flush()`.execute(this.db);
    const { rows } = await sql<{ pages: number }>`
      select sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0))::integer as pages
      from pg_statio_user_tables
    `.execute(this.db);
    return rows[0]?.pages ?? 0;
  }

  async close(): Promise<void> {
    await this.#pools.close();
  }
}
