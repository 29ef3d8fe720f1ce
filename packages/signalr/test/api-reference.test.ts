import { beforeAll, expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readApiReference } from "../scripts/api-reference.ts";

const folder = join(import.meta.dirname, "../docs/api");
let reference: Awaited<ReturnType<typeof readApiReference>>;
beforeAll(async () => {
  reference = await readApiReference();
}, 60_000);

test("everything that is public is documented: exports, options, methods and their parameters", () => {
  expect(reference.complaints).toEqual([]);
});

test("the API reference is what the sources give: npm run docs -w packages/signalr makes it", async () => {
  expect((await readdir(folder)).sort()).toEqual([...reference.pages.keys()]);
  for (const [page, text] of reference.pages) {
    if ((await readFile(join(folder, page), "utf8")) !== text) throw new Error(`docs/api/${page} is not up to date.`);
  }
});
