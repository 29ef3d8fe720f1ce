import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// What README and CONTRIBUTING say of running tests, tried on a file of a few.

const folder = mkdtempSync(join(tmpdir(), "hubbub-running-"));
const file = join(folder, "few.test.ts");

beforeAll(() =>
  writeFileSync(
    file,
    `import { expect, test } from "bun:test";
import fc from "${import.meta.resolve("fast-check")}";
test("adds", () => expect(1 + 1).toBe(2));
test.each([[1, 2], [3, 4]])("%i comes before %i", (a, b) => expect(b).toBe(a + 1));
test("finds the odd one", () => fc.assert(fc.property(fc.nat(), (n) => n % 2 === 0), { seed: 4711 }));
`,
  ),
);

afterAll(() => rmSync(folder, { recursive: true }));

async function run(...options: readonly string[]): Promise<string[]> {
  const child = Bun.spawn([process.execPath, "test", file, ...options], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const outputs = [child.stdout, child.stderr].map((stream) => new Response(stream).text());
  return (await Promise.all(outputs)).join("\n").split("\n");
}

const resultsIn = (lines: readonly string[]): string[] =>
  lines.filter((line) => /^\((pass|fail)\)/.test(line)).map((line) => line.replace(/ \[[\d.]+ms\]$/, ""));

test("each test that runs is printed, a row of a table as a test of its own, with the seed of a property that fails", async () => {
  const lines = await run();
  expect(resultsIn(lines)).toEqual([
    ...["(pass) adds", "(pass) 1 comes before 2", "(pass) 3 comes before 4", "(fail) finds the odd one"],
  ]);
  expect(lines.join("\n")).toContain("seed: 4711");
});

test("one file, and one test of it by its name, run alone", async () => {
  expect(resultsIn(await run("-t", "comes before 4"))).toEqual(["(pass) 3 comes before 4"]);
});
