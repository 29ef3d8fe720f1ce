import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SQL } from "bun";
import { StartError } from "../../config/start-error.ts";

/** Any number that no other user of the database's advisory locks has. */
const lockKey = 4_815_162_342n;

const migrationsDirectory = join(import.meta.dir, "migrations");

export interface Migration {
  readonly version: number;
  /** Its file, such as `0001-installation.sql`. */
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text, hexadecimal. */
  readonly checksum: string;
}

/** All migrations, in order. @throws Error when two have one version or a file is named otherwise */
export async function readMigrations(directory = migrationsDirectory): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name, index) => {
      const version = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1]);
      if (version !== index + 1) throw new Error(`${name}: expected the migration number ${index + 1}`);
      const text = (await readFile(join(directory, name), "utf8")).replaceAll("\r\n", "\n");
      return { version, name, text, checksum: createHash("sha256").update(text).digest("hex") };
    }),
  );
}

interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/** The first migration the database lacks; undefined when it has all. */
function nextMigration(migrations: readonly Migration[], applied: readonly AppliedMigration[]): Migration | undefined {
  for (const { version, name, checksum } of applied) {
    const migration = migrations.find((candidate) => candidate.version === version);
    if (migration === undefined) {
      throw new StartError(
        `The database was used by a newer Hubbub: it has the migration ${name}. Start that version.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new StartError(`The migration ${migration.name} was changed after the database had applied it as ${name}.`);
    }
  }
  const present = new Set(applied.map(({ version }) => version));
  return migrations.find(({ version }) => !present.has(version));
}

async function apply(tx: SQL, { version, name, text, checksum }: Migration): Promise<void> {
  try {
    await tx.unsafe(text).simple();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The migration ${name} failed: ${reason}`, { cause: error });
  }
  await tx`insert into schema_migrations (version, name, checksum) values (${version}, ${name}, ${checksum})`;
}

/** Applies one migration, if one is missing, in a transaction that no other server's can overtake. */
function applyNext(sql: SQL, migrations: readonly Migration[]): Promise<Migration | undefined> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${lockKey})`;
    await tx`create table if not exists schema_migrations (
      version integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`;
    const applied: AppliedMigration[] =
      await tx`select version, name, checksum from schema_migrations order by version`;
    const next = nextMigration(migrations, applied);
    if (next !== undefined) await apply(tx, next);
    return next;
  });
}

/**
 * Brings the database to the newest schema; safe when several servers start at once.
 * @returns the names of the migrations this call applied
 * @throws StartError when one fails, was changed after it had been applied, or is unknown
 */
export async function migrate(sql: SQL, migrations: readonly Migration[]): Promise<readonly string[]> {
  const names: string[] = [];
  for (;;) {
    const applied = await applyNext(sql, migrations);
    if (applied === undefined) return names;
    names.push(applied.name);
  }
}
