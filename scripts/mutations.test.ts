import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mutations } from "./mutations/list.ts";
import { catchers } from "./mutations/mutation.ts";
import { tableOf } from "./mutations/table.ts";

// Quick, so that the list of mistakes cannot rot; `npm run mutations` makes them.

const root = join(import.meta.dir, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const migrations = "apps/server/src/infrastructure/postgres/migrations";

test("each mistake of the list can be made: its text stands in its file exactly once", () => {
  for (const { name, file, find, replace } of mutations) {
    expect([name, existsSync(join(root, file)) && read(file).split(find).length - 1]).toEqual([name, 1]);
    expect([name, replace === find]).toEqual([name, false]);
  }
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
});

test("a mistake in a database function is made in the one that runs: no later migration replaces it", () => {
  const files = readdirSync(join(root, migrations)).sort();
  const makes = /create (?:or replace )?function (\w+)\(/g;
  for (const { name, file, find } of mutations.filter(({ file }) => file.startsWith(migrations))) {
    const before = read(file).split(find)[0] ?? "";
    const changed = [...before.matchAll(makes)].at(-1)?.[1] ?? "";
    const later = files.filter((path) => `${migrations}/${path}` > file);
    const replacing = later.filter((path) =>
      [...read(`${migrations}/${path}`).matchAll(makes)].some(([, made]) => made === changed),
    );
    expect([name, changed !== "", replacing]).toEqual([name, true, []]);
  }
});

test("each is caught by a test that is there", () => {
  for (const { file, test: wanted } of Object.values(catchers)) expect(read(file)).toContain(wanted);
});

test("docs/mutations.md lists them all", () => {
  expect(read("docs/mutations.md")).toContain(tableOf(mutations));
});
