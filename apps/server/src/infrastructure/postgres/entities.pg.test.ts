import { afterAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase } from "../../testing/database.ts";
import { openConnections } from "./database.ts";

interface Column {
  readonly table: string;
  readonly column: string;
}

interface Reference {
  readonly parent: string;
  readonly child: string;
  readonly column: string;
}

const page = readFileSync(join(import.meta.dir, "../../../../../docs/subsystems/entities.md"), "utf8");
const drawings = [...page.matchAll(/```mermaid\nerDiagram\n(?: {2}direction LR\n)?([\s\S]*?)```/g)].map(
  ([, drawing = ""]) => drawing,
);
const lines = drawings.flatMap((drawing) => drawing.trim().split("\n"));
const drawn: Reference[] = lines.flatMap((line) => {
  const [, parent, child, column] = /^ *(\w+) \|\|--o[|{] (\w+) : (\w+)$/.exec(line) ?? [];
  return parent === undefined || child === undefined || column === undefined ? [] : [{ parent, child, column }];
});
const alone = lines.map((line) => line.trim()).filter((line) => /^\w+$/.test(line));

const store = await createTestDatabase();
const sql = openConnections(store.url, 1);
afterAll(async () => {
  await sql.end();
  await store.drop();
});

test("the drawings of what is stored have every table, and every line of theirs is a column", async () => {
  const columns = await sql<Column[]>`
    select c.relname as table, a.attname as column from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`;
  const tables = [...new Set(columns.map(({ table }) => table))].sort();
  const inDrawings = new Set([...alone, ...drawn.flatMap(({ parent, child }) => [parent, child])]);
  expect([...inDrawings].sort()).toEqual(tables);
  expect(drawn.length + alone.length).toBe(lines.length);
  const known = new Set(columns.map(({ table, column }) => `${table}.${column}`));
  expect(drawn.map(({ child, column }) => `${child}.${column}`).filter((name) => !known.has(name))).toEqual([]);
});

test("the drawings of what is stored have every foreign key", async () => {
  const keys = await sql<Reference[]>`
    select confrelid::regclass::text as parent, conrelid::regclass::text as child, a.attname as column
    from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
    where k.contype = 'f' and k.connamespace = current_schema()::regnamespace`;
  expect(keys.length).toBeGreaterThan(10);
  const nameOf = ({ parent, child, column }: Reference) => `${parent} ← ${child}.${column}`;
  const known = new Set(drawn.map(nameOf));
  expect(keys.map(nameOf).filter((name) => !known.has(name))).toEqual([]);
});
