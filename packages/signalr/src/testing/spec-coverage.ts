import { Glob } from "bun";

/** What SPEC.md promises, held against what tests cite. */
export interface SpecCoverage {
  readonly rules: readonly string[];
  /** Rules that no test cites. */
  readonly untested: readonly string[];
  /** What tests cite and the specification does not have. */
  readonly unknown: readonly string[];
}

/**
 * @param folder of the package, with `SPEC.md`, whose rules begin like `- **HS1**`, and tests that cite them like `[HS1]`, in titles or as `rules`
 */
export async function specCoverage(folder: string): Promise<SpecCoverage> {
  const spec = await Bun.file(`${folder}/SPEC.md`).text();
  const rules = [...spec.matchAll(/^- \*\*([A-Z]+\d+)\*\*/gm)].map(([, rule = ""]) => rule);
  const cited = new Set<string>();
  for await (const path of new Glob("{src,test}/**/*.ts").scan(folder)) {
    const text = await Bun.file(`${folder}/${path}`).text();
    for (const [, title = ""] of text.matchAll(/(?:\(\s*|rules: )["'`]((?:\[[A-Z]+\d+\])+)/g)) {
      for (const [, rule = ""] of title.matchAll(/\[([A-Z]+\d+)\]/g)) cited.add(rule);
    }
  }
  return {
    rules,
    untested: rules.filter((rule) => !cited.has(rule)),
    unknown: [...cited].filter((rule) => !rules.includes(rule)),
  };
}

if (import.meta.main) {
  const { rules, untested, unknown } = await specCoverage(`${import.meta.dir}/../..`);
  process.stdout.write(`${rules.length} rules, ${untested.length} without a test: ${untested.join(" ") || "none"}\n`);
  if (unknown.length > 0) process.stdout.write(`Cited, but not in SPEC.md: ${unknown.join(" ")}\n`);
  process.exitCode = untested.length + unknown.length > 0 ? 1 : 0;
}
