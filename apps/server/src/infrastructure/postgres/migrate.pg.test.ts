import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { StartError } from "../../config/start-error.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { openConnections } from "./database.ts";
import { checkInstallation } from "./installation.ts";
import { type Migration, migrate, readMigrations } from "./migrate.ts";

let testDatabase: TestDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ empty: true });
});

afterAll(() => testDatabase.drop());

function migration(version: number, text: string): Migration {
  const checksum = createHash("sha256").update(text).digest("hex");
  return { version, name: `000${version}-test.sql`, text, checksum };
}

function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "",
    (error: unknown) => (error instanceof StartError ? error.message : Promise.reject(error)),
  );
}

const first = migration(1, "create table once (x int); insert into once values (1);");
const second = migration(2, "insert into once values (2);");

test("several servers that start at once apply each migration once, in order", async () => {
  const pools = Array.from({ length: 5 }, () => openConnections(testDatabase.url, 1));
  const applied = await Promise.all(pools.map((pool) => migrate(pool, [first, second])));
  expect(applied.flat().toSorted()).toEqual([first.name, second.name]);
  expect(await testDatabase.database.writer.sql`select x from once order by x`.values()).toEqual([[1], [2]]);
  await Promise.all(pools.map((pool) => pool.close()));
});

test("a failing migration leaves nothing of itself and names its file", async () => {
  const { sql } = testDatabase.database.writer;
  const bad = migration(3, "create table half (x int); select 1 / 0;");
  expect(await refusal(migrate(sql, [first, second, bad]))).toBe(
    "The migration 0003-test.sql failed: division by zero",
  );
  expect(await sql`select to_regclass('half') as half`.values()).toEqual([[null]]);
});

test("a migration changed after it was applied, and one we do not know, stop the start", async () => {
  const { sql } = testDatabase.database.writer;
  const changed = migration(2, "insert into once values (3);");
  expect(await refusal(migrate(sql, [first, changed]))).toContain("0002-test.sql was changed");
  expect(await refusal(migrate(sql, [first]))).toContain("used by a newer Hubbub");
});

test("the real migrations apply to an empty database, which is then bound to one secret key, or the one that replaces it", async () => {
  const fresh = await createTestDatabase({ empty: true });
  const { sql } = fresh.database.writer;
  const migrations = await readMigrations();
  expect(await migrate(sql, migrations)).toEqual(migrations.map(({ name }) => name));
  expect(await migrate(sql, migrations)).toEqual([]);
  const { epoch } = await checkInstallation(sql, "one");
  expect(await checkInstallation(sql, "one")).toEqual({ epoch });
  expect(await refusal(checkInstallation(sql, "other"))).toContain("The secret key is not the one");
  expect(await refusal(checkInstallation(sql, "other", "another"))).toContain("The secret key is not the one");
  expect(await checkInstallation(sql, "other", "one")).toEqual({ epoch });
  expect(await refusal(checkInstallation(sql, "one"))).toContain("The secret key is not the one");
  await fresh.drop();
});
