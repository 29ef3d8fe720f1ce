import { createHash, randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SQL } from "bun";
import pino from "pino";
import { openConnections, openDatabase, type Pools } from "../infrastructure/postgres/database.ts";
import { clusterDirectory, EmbeddedPostgres } from "../infrastructure/postgres/embedded-postgres.ts";
import { type Migration, migrate, readMigrations } from "../infrastructure/postgres/migrate.ts";
import type { Tables } from "../ports/database.ts";

/** Names the PostgreSQL that all test processes of a run share; set by the test runner. */
const variable = "HUBBUB_TEST_POSTGRES";
const directoryPrefix = "hubbub-test-";
/**
 * Outlives this process, which may be killed and under `bun test` has no last word, to end PostgreSQL and remove its
 * directory. $0 is the process, $1 the directory of the cluster, $2 what to remove.
 */
const clearAway = `
  while kill -0 "$0"; do sleep 0.5; done
  while [ -s "$1/postmaster.pid" ]; do kill -QUIT "$(head -n 1 "$1/postmaster.pid")" || break; sleep 0.1; done
  rm -rf "$2"`;

function clearAwayAfterUs(cluster: string, directory: string): void {
  const command = ["sh", "-c", clearAway, String(process.pid), cluster, directory];
  Bun.spawn(command, { detached: true, stdio: ["ignore", "ignore", "ignore"] }).unref();
}

async function startVolatile(): Promise<{ readonly directory: string; readonly postgres: EmbeddedPostgres }> {
  const directory = mkdtempSync(join(tmpdir(), directoryPrefix));
  chmodSync(directory, 0o711);
  const logger = pino({ level: "error" });
  clearAwayAfterUs(clusterDirectory(directory), directory);
  return { directory, postgres: await EmbeddedPostgres.start({ directory, logger, durable: false }) };
}

export interface TestPostgres {
  /** For the environment of test processes. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that a whole test run shares. It keeps nothing: no fsync, and its data goes with it. When the
 * process that started it dies it ends too.
 */
export async function startTestPostgres(): Promise<TestPostgres> {
  const { directory, postgres } = await startVolatile();
  return {
    env: { [variable]: postgres.url },
    async stop() {
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

let own: Promise<string> | undefined;

/** The address of the run's PostgreSQL; without a runner, of one that this process starts and ends. */
function serverUrl(): Promise<string> {
  const given = process.env[variable];
  if (given !== undefined && given !== "") return Promise.resolve(given);
  own ??= startVolatile().then(({ postgres }) => postgres.url);
  return own;
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function buildTemplate(sql: SQL, server: string, name: string, migrations: readonly Migration[]): Promise<void> {
  const unfinished = `${name}_unfinished`;
  await sql.unsafe(`drop database if exists ${unfinished} with (force)`);
  await sql.unsafe(`create database ${unfinished}`);
  const inside = openConnections(urlOf(server, unfinished), 1);
  try {
    await migrate(inside, migrations);
  } finally {
    await inside.close();
  }
  await sql.unsafe(`alter database ${unfinished} rename to ${name}`);
}

/** A database with all migrations, made once a run for all test processes; copying it is faster than migrating. */
async function ensureTemplate(server: string): Promise<string> {
  const migrations = await readMigrations();
  const hash = createHash("sha256").update(migrations.map(({ checksum }) => checksum).join());
  const name = `template_${hash.digest("hex").slice(0, 16)}`;
  const sql = openConnections(server, 1);
  try {
    await sql`select pg_advisory_lock(hashtext(${name}))`;
    const found = await sql`select 1 from pg_database where datname = ${name}`;
    if (found.length === 0) await buildTemplate(sql, server, name, migrations);
    return name;
  } finally {
    await sql.close();
  }
}

export interface TestDatabase {
  /** Good as `DATABASE_URL` of a server. */
  readonly url: string;
  readonly database: Pools<Tables>;
  /** Closes the connections and drops the database: `afterAll(() => test.drop())`. */
  drop(): Promise<void>;
}

async function asAdministrator(server: string, statement: string): Promise<void> {
  const sql = openConnections(server, 1);
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.close();
  }
}

/**
 * A database of its own for a test file.
 * @param options `empty`: without the migrations
 */
export async function createTestDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const server = await serverUrl();
  const template = options.empty === true ? "template1" : await ensureTemplate(server);
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await asAdministrator(server, `create database ${name} template ${template}`);
  const url = urlOf(server, name);
  const database = openDatabase<Tables>(url);
  return {
    url,
    database,
    async drop() {
      await database.close(0);
      await asAdministrator(server, `drop database if exists ${name} with (force)`);
    },
  };
}
