import { join } from "node:path";
import { checkImports } from "./import-rules.ts";

const repository = join(import.meta.dirname, "..");

interface Outcome {
  readonly ok: boolean;
  /** A few words for the line of a check that passed. */
  readonly note?: string;
  /** What the tool said, shown when it failed. */
  readonly output: string;
}

/** Runs a tool of the workspace; it passed if it exits with 0. */
async function run(tool: string, ...options: readonly string[]): Promise<Outcome> {
  const child = Bun.spawn([join(repository, "node_modules/.bin", tool), ...options], {
    cwd: repository,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, complaint, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { ok: code === 0, output: output + complaint };
}

async function imports(): Promise<Outcome> {
  const { modules, violations } = await checkImports(repository);
  if (modules === 0) return { ok: false, output: "No module was cruised: the rules judged nothing.\n" };
  return {
    ok: violations.length === 0,
    note: `${modules} modules cruised`,
    output: violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}\n`).join(""),
  };
}

const checks: Readonly<Record<string, () => Promise<Outcome>>> = {
  "biome (format, lint)": () => run("biome", "ci", "--error-on-warnings", "--colors=off", "--reporter=concise", "."),
  "tsc (everything but the page)": () => run("tsc", "--noEmit", "-p", "tsconfig.json"),
  "tsc (the page)": () => run("tsc", "--noEmit", "-p", "apps/web"),
  "tsc (the service worker)": () => run("tsc", "--noEmit", "-p", "apps/web/service-worker"),
  "dependency-cruiser (imports)": imports,
};

const outcomes = await Promise.all(
  Object.entries(checks).map(async ([name, check]) => {
    const started = performance.now();
    const { ok, note, output } = await check().catch((error: unknown) => ({
      ok: false,
      note: undefined,
      output: `${error}\n`,
    }));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${ok ? "✓" : "✗"} ${name}, ${seconds} s${note === undefined ? "" : `, ${note}`}`);
    if (!ok) process.stdout.write(output);
    return ok;
  }),
);
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
