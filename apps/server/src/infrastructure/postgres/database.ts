import { SQL } from "bun";
import { Kysely } from "kysely";
import type { PoolSizes } from "../../config/config.ts";
import { type PoolLoad, poolDialect } from "./kysely-dialect.ts";
import { runQuery } from "./run-query.ts";

/** Connections for one kind of work. */
export interface Pool<Tables> {
  /** Bun's own driver, for hot paths. It gives int8 as BigInt and knows no deadline: pass its queries to `run`. */
  readonly sql: SQL;
  readonly kysely: Kysely<Tables>;
  /** Most connections. */
  readonly size: number;
  readonly load: Readonly<PoolLoad>;
  /** Runs a query of `sql` within the pool's deadline, with int8 as numbers; errors as of `runQuery`. */
  readonly run: <Row extends Record<string, unknown>>(query: SQL.Query<Row[]>) => Promise<Row[]>;
}

export interface Pools<Tables> {
  readonly writer: Pool<Tables>;
  readonly reads: Pool<Tables>;
  readonly slow: Pool<Tables>;
  /** @throws Unavailable when PostgreSQL does not answer within two seconds */
  ping(): Promise<void>;
  /** Lets running queries end for at most so many seconds (default 5), then cuts them. */
  close(seconds?: number): Promise<void>;
}

/** Milliseconds after which a query is given up. */
const deadlines = { writer: 10_000, reads: 10_000, slow: 120_000, ping: 2_000 } as const;

const defaultSizes: PoolSizes = { writer: 4, reads: 6, slow: 2 };

/**
 * A pool of Bun's driver as we want it.
 * @param url `postgres://user:password@host:5432/database`; with `?path=` the socket in that directory or file
 */
export function openConnections(url: string, most: number): SQL {
  const { pathname } = new URL(url);
  return new SQL(url, {
    adapter: "postgres",
    // PGDATABASE would take priority over the address.
    ...(pathname.length > 1 && { database: decodeURIComponent(pathname.slice(1)) }),
    max: most,
    bigint: true,
    connectionTimeout: 5,
    connection: {
      application_name: "hubbub",
      // Locks of a transaction whose client is gone without a word; longer than any query's deadline in one.
      idle_in_transaction_session_timeout: 20_000,
    },
  });
}

/** Opens nothing yet: connections are made when first needed, and again after a loss. */
export function openDatabase<Tables>(url: string, sizes: PoolSizes = defaultSizes): Pools<Tables> {
  const open = (size: number, deadline: number): Pool<Tables> => {
    const sql = openConnections(url, size);
    const load = { running: 0 };
    const kysely = new Kysely<Tables>({ dialect: poolDialect(sql, deadline, load) });
    return { sql, kysely, size, load, run: (query) => runQuery(query, deadline) };
  };
  const writer = open(sizes.writer, deadlines.writer);
  const reads = open(sizes.reads, deadlines.reads);
  const slow = open(sizes.slow, deadlines.slow);
  return {
    writer,
    reads,
    slow,
    async ping() {
      await runQuery(reads.sql`select 1 as one`, deadlines.ping);
    },
    async close(seconds = 5) {
      await Promise.all([writer, reads, slow].map((pool) => pool.sql.close({ timeout: seconds })));
    },
  };
}
