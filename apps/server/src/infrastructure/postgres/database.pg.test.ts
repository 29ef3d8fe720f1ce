import { afterAll, beforeAll, expect, test } from "bun:test";
import { Kysely, sql } from "kysely";
import { Unavailable } from "../../ports/conversation-writer.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { openConnections } from "./database.ts";
import { isConnectionLoss, sqlState } from "./errors.ts";
import { poolDialect } from "./kysely-dialect.ts";

interface Item {
  id: number;
  name: string;
  data: object | null;
}

let testDatabase: TestDatabase;
let writer: Kysely<{ item: Item }>;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ empty: true });
  writer = testDatabase.database.writer.kysely.withTables<{ item: Item }>();
  await sql`create table item (id bigint primary key, name text not null, data jsonb)`.execute(writer);
});

afterAll(() => testDatabase.drop());

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A pool of one connection whose process can be frozen and killed, with a deadline of 300 ms. */
async function openVictim() {
  const pool = openConnections(testDatabase.url, 1);
  const kysely = new Kysely<{ item: Item }>({ dialect: poolDialect(pool, 300, { running: 0 }) });
  const pid = async () => {
    const result = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(kysely);
    return result.rows[0]?.pid ?? 0;
  };
  return { pool, kysely, pid };
}

test("int8 comes back as an exact number, in arrays too, and is refused when it would be rounded", async () => {
  const { run, sql: raw } = testDatabase.database.reads;
  const [row] = await run(
    raw`select ${Number.MAX_SAFE_INTEGER}::int8 as most, array[1, null, 3]::int8[] as list, '7'::text as text`,
  );
  expect(row).toEqual({ most: Number.MAX_SAFE_INTEGER, list: [1, null, 3], text: "7" });
  expect(await rejection(run(raw`select ${2n ** 53n}::int8 as beyond`))).toBeInstanceOf(RangeError);
  expect(await rejection(sql`select 9007199254740992::int8 as beyond`.execute(writer))).toBeInstanceOf(RangeError);
});

test("Kysely writes and reads text, JSON and arrays, and counts what it changed", async () => {
  const inserted = await writer
    .insertInto("item")
    .values([
      { id: 1, name: "É 👋", data: { deep: ["a", 1, null] } },
      { id: 5_000_000_000, name: "other", data: null },
    ])
    .executeTakeFirstOrThrow();
  expect(inserted.numInsertedOrUpdatedRows).toBe(2n);
  const rows = await writer
    .selectFrom("item")
    .selectAll()
    .where("name", "ilike", "é%")
    .where("id", "=", sql<number>`any(${[1, 5_000_000_000]})`)
    .execute();
  expect(rows).toEqual([{ id: 1, name: "É 👋", data: { deep: ["a", 1, null] } }]);
  const deleted = await writer.deleteFrom("item").executeTakeFirstOrThrow();
  expect(deleted.numDeletedRows).toBe(2n);
});

test("a transaction is whole or nothing, and keeps its isolation level to itself", async () => {
  const refused = writer.transaction().execute(async (tx) => {
    await tx.insertInto("item").values({ id: 1, name: "first", data: null }).execute();
    await tx.insertInto("item").values({ id: 1, name: "again", data: null }).execute();
  });
  expect(sqlState(await rejection(refused))).toBe("23505");
  expect(await writer.selectFrom("item").selectAll().execute()).toEqual([]);
  const level = sql<{ level: string }>`select current_setting('transaction_isolation') as level`;
  const inside = await writer
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute((tx) => level.execute(tx));
  expect(inside.rows[0]?.level).toBe("repeatable read");
  expect((await level.execute(writer)).rows[0]?.level).toBe("read committed");
});

test("more transactions than connections wait for each other and all end", async () => {
  const ids = Array.from({ length: 40 }, (_, index) => index + 100);
  await Promise.all(
    ids.map((id) =>
      writer.transaction().execute((tx) => tx.insertInto("item").values({ id, name: "one", data: null }).execute()),
    ),
  );
  const { numDeletedRows } = await writer.deleteFrom("item").where("id", ">=", 100).executeTakeFirstOrThrow();
  expect(numDeletedRows).toBe(40n);
});

test("a killed connection fails what was under way as Unavailable, and the pool reconnects", async () => {
  const { pool, kysely, pid } = await openVictim();
  const victim = await pid();
  const running = rejection(sql`select pg_sleep(10)`.execute(kysely));
  const queued = rejection(sql`select 1`.execute(kysely));
  await sql`select pg_terminate_backend(${victim})`.execute(writer);
  expect(await running).toBeInstanceOf(Unavailable);
  const later = await queued;
  expect(later === undefined || later instanceof Unavailable).toBe(true);
  expect(await pid()).not.toBe(victim);
  await pool.close();
});

test("a frozen PostgreSQL is given up after the deadline, in a transaction too, which then has not happened", async () => {
  const { pool, kysely, pid } = await openVictim();
  const victim = await pid();
  const frozen = rejection(
    kysely.transaction().execute(async (tx) => {
      await tx.insertInto("item").values({ id: 7, name: "lost", data: null }).execute();
      process.kill(victim, "SIGSTOP");
      await sql`select 1`.execute(tx);
    }),
  );
  expect(await frozen).toBeInstanceOf(Unavailable);
  process.kill(victim, "SIGCONT");
  expect(await pid()).not.toBe(victim);
  expect(await kysely.selectFrom("item").selectAll().execute()).toEqual([]);
  await pool.close({ timeout: 0 });
});

test("waiting for a connection has the same deadline", async () => {
  const { pool, kysely } = await openVictim();
  const held = await pool.reserve();
  const waiting = [kysely.transaction().execute(() => Promise.resolve()), sql`select 1`.execute(kysely)];
  for (const each of waiting.map(rejection)) expect(await each).toBeInstanceOf(Unavailable);
  await held.release();
  expect((await sql<{ one: number }>`select 1 as one`.execute(kysely)).rows).toEqual([{ one: 1 }]);
  await pool.close();
});

test("errors tell a lost connection from a refusal", async () => {
  const nowhere = openConnections("postgres://nobody@127.0.0.1:1/none", 1);
  const lost = await rejection(nowhere`select 1`);
  expect([isConnectionLoss(lost), sqlState(lost)]).toEqual([true, undefined]);
  const refused = await rejection(sql`select 1 / 0`.execute(writer));
  expect([isConnectionLoss(refused), sqlState(refused)]).toEqual([false, "22012"]);
  expect([isConnectionLoss(new Error("other")), sqlState(new Error("other"))]).toEqual([false, undefined]);
  await nowhere.close();
});
