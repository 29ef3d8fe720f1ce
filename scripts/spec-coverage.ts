// npm run spec:coverage: the numbered rules of the server and the client, held against what tests cite.
import { Glob } from "bun";

const root = `${import.meta.dir}/..`;
/** Each numbers its rules with letters of its own, such as L1 or PR1. */
const specifications = ["docs/subsystems/*.md", "packages/client/SPEC.md"];
const tests = [
  "apps/**/*.test.{ts,tsx}",
  "packages/client/**/*.test.ts",
  "packages/contract/**/*.test.ts",
  "conformance/suites/*.ts",
];

export interface SpecCoverage {
  readonly rules: readonly string[];
  /** Rules that no test cites. */
  readonly untested: readonly string[];
  /** Of those, the ones marked ◌: they wait for their feature. */
  readonly waiting: readonly string[];
}

async function readAll(patterns: readonly string[]): Promise<string[]> {
  const found = await Promise.all(patterns.map((pattern) => Array.fromAsync(new Glob(pattern).scan(root))));
  const paths = found.flat().filter((path) => !path.includes("node_modules/"));
  return Promise.all(paths.map((path) => Bun.file(`${root}/${path}`).text()));
}

/** A rule begins like `- **[L7]**`; a test cites it like `[L7]` in its name. */
export async function specCoverage(): Promise<SpecCoverage> {
  const rules = (await readAll(specifications)).flatMap((text) =>
    [...text.matchAll(/^- \*\*\[([A-Z]+\d+)\]\*\*( ◌)?/gm)].map(([, id = "", waits]) => ({
      id,
      waits: waits !== undefined,
    })),
  );
  const cited = new Set<string>();
  for (const text of await readAll(tests))
    for (const [, name = ""] of text.matchAll(/\btest(?:\.\w+\([^\n]*\))?\(\s*["'`](.*)["'`]/g))
      for (const [, rule = ""] of name.matchAll(/\[([A-Z]+\d+)\]/g)) cited.add(rule);
  const untested = rules.filter(({ id }) => !cited.has(id));
  return {
    rules: rules.map(({ id }) => id),
    untested: untested.map(({ id }) => id),
    waiting: untested.filter(({ waits }) => waits).map(({ id }) => id),
  };
}

if (import.meta.main) {
  const { rules, untested, waiting } = await specCoverage();
  const list = (ids: readonly string[]) => ids.join(" ") || "none";
  console.log(
    `${rules.length} rules; without a test: ${list(untested)}; of these, waiting for their feature: ${list(waiting)}`,
  );
  process.exitCode = untested.length > waiting.length ? 1 : 0;
}
