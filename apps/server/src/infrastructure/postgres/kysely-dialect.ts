import type { ReservedSQL, SQL } from "bun";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import { DeadlineExceeded, isConnectionLoss, translateError } from "./errors.ts";
import { runQuery } from "./run-query.ts";

const changingCommands: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

/** What a pool has to do now. */
export interface PoolLoad {
  /** Queries under way, or waiting for a connection. */
  running: number;
}

/** A place to run queries: any connection of the pool, or in a transaction one that is held. */
class PoolConnection implements DatabaseConnection {
  readonly #pool: SQL;
  readonly #deadline: number;
  readonly #load: PoolLoad;
  #held: ReservedSQL | undefined;
  /** The state of the held connection is unknown: it must not be used again. */
  #broken = false;

  constructor(pool: SQL, deadline: number, load: PoolLoad) {
    this.#pool = pool;
    this.#deadline = deadline;
    this.#load = load;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const rows = await this.#run<R>(sql, parameters);
    const changed = changingCommands.has(rows.command ?? "");
    return { rows, ...(changed && { numAffectedRows: BigInt(rows.count ?? 0) }) };
  }

  async #run<R>(text: string, parameters: readonly unknown[] = []) {
    this.#load.running++;
    try {
      const query = (this.#held ?? this.#pool).unsafe<(R & Record<string, unknown>)[]>(text, [...parameters]);
      return await runQuery(query, this.#deadline);
    } catch (error) {
      this.#broken ||= isConnectionLoss(error);
      throw error;
    } finally {
      this.#load.running--;
    }
  }

  async #reserve(): Promise<ReservedSQL> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new DeadlineExceeded(this.#deadline)), this.#deadline);
    try {
      return await this.#pool.reserve({ signal: abort.signal });
    } catch (error) {
      throw translateError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reserving costs more than a query, so only transactions do it. */
  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    this.#held = await this.#reserve();
    const level = isolationLevel === undefined ? "" : ` isolation level ${isolationLevel}`;
    await this.#run(`begin${level}${accessMode === undefined ? "" : ` ${accessMode}`}`);
  }

  async end(command: "commit" | "rollback"): Promise<void> {
    // Closing a broken connection rolls back.
    if (command === "commit" || !this.#broken) await this.#run(command);
  }

  async release(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await (this.#broken ? held?.close({ timeout: 0 }) : held?.release());
  }

  streamQuery(): never {
    throw new Error("Streaming is not supported: page by key instead");
  }
}

function own(connection: DatabaseConnection): PoolConnection {
  if (connection instanceof PoolConnection) return connection;
  throw new TypeError("A connection of another driver");
}

/** Opening and closing the pool is its owner's business. */
function createDriver(pool: SQL, deadline: number, load: PoolLoad): Driver {
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(new PoolConnection(pool, deadline, load)),
    beginTransaction: (connection, settings) => own(connection).begin(settings),
    commitTransaction: (connection) => own(connection).end("commit"),
    rollbackTransaction: (connection) => own(connection).end("rollback"),
    releaseConnection: (connection) => own(connection).release(),
    destroy: () => Promise.resolve(),
  };
}

/**
 * Kysely over a pool of Bun's driver. `connection().execute()` does not pin a connection: only transactions do.
 * @param deadline of each query and of waiting for a transaction's connection, in milliseconds
 */
export function poolDialect(pool: SQL, deadline: number, load: PoolLoad): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(pool, deadline, load),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
