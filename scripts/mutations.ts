// npm run mutations [-- part-of-a-name …]: makes each mistake of the list in a copy of the tree, and sees its test fail.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startTestPostgres } from "../apps/server/src/testing/database.ts";
import { mutations } from "./mutations/list.ts";
import { catchers, type Mutation } from "./mutations/mutation.ts";

const repository = join(import.meta.dirname, "..");
const testTimeoutMs = 300_000;

/** The files of the repository as they are, and its installed packages by links: workspaces are the copy's own. */
function copyTree(to: string): void {
  const files = Bun.spawnSync(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: repository,
  });
  for (const path of files.stdout.toString().split("\0")) {
    const source = join(repository, path);
    if (path === "" || !existsAsFile(source)) continue;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(source, join(to, path));
  }
  mkdirSync(join(to, "node_modules"));
  for (const name of readdirSync(join(repository, "node_modules"))) {
    const [source, target] = [join(repository, "node_modules", name), join(to, "node_modules", name)];
    if (name === "@hubbub") cpSync(source, target, { recursive: true, verbatimSymlinks: true });
    else symlinkSync(source, target);
  }
  for (const nested of new Bun.Glob("*/{*/,}node_modules").scanSync({ cwd: repository, onlyFiles: false }))
    if (!nested.startsWith("node_modules")) symlinkSync(join(repository, nested), join(to, nested));
}

function existsAsFile(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false; // deleted, and not committed yet
  }
}

interface Outcome {
  readonly seed: number;
  readonly isCaught: boolean;
  /** What the test disagreed with first, or why it cannot be told. */
  readonly why: string;
}

/** What no wrong behaviour looks like: it does not even run, or a run of chance has seen too little. */
const noCatch = /SyntaxError|error: syntax|Cannot find module|timed out|toBeGreaterThan\(/;

/** Makes the mistake in the copy, runs its test there, and takes it back. */
async function attempt(tree: string, mutation: Mutation, env: Readonly<Record<string, string>>): Promise<Outcome> {
  const path = join(tree, mutation.file);
  const text = readFileSync(path, "utf8");
  const seed = Number(process.env["TEST_SEED"] ?? mutation.seed);
  const { run, test } = catchers[mutation.caughtBy];
  writeFileSync(
    path,
    text.replace(mutation.find, () => mutation.replace),
  );
  const child = Bun.spawn([process.execPath, "test", `--timeout=${testTimeoutMs}`, `./${run}`, "-t", test], {
    cwd: tree,
    env: { ...process.env, ...env, TEST_SEED: String(seed), SEED: String(seed), NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: testTimeoutMs,
  });
  const streams = [child.stdout, child.stderr].map((stream) => new Response(stream).text());
  const output = (await Promise.all(streams)).join("\n");
  const code = await child.exited;
  writeFileSync(path, text);
  if (code === 0) return { seed, isCaught: false, why: "the test passes" };
  const disagreement = disagreementIn(output);
  if (!output.includes("(fail)") || noCatch.test(disagreement)) return { seed, isCaught: false, why: disagreement };
  return { seed, isCaught: true, why: disagreement };
}

/** The first thing that was not as expected, on one line: what a property failed with follows its counterexample. */
function disagreementIn(output: string): string {
  const errors = [...output.matchAll(/\n(?:error|\w*Error): ([\s\S]*?)\n\s+at /g)].map(([, told = ""]) => told);
  const told = errors.find((each) => !each.startsWith("Property failed")) ?? output;
  return told.replace(/\s+/g, " ").trim().slice(0, 200);
}

async function main(parts: readonly string[]): Promise<number> {
  const wanted = mutations.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
  if (wanted.length === 0) throw new Error(`No mutation's name contains ${parts.join(" or ")}.`);
  const scratch = mkdtempSync(join(tmpdir(), "hubbub-mutations-"));
  const postgres = await startTestPostgres();
  const survivors: string[] = [];
  try {
    copyTree(scratch);
    for (const [index, mutation] of wanted.entries()) {
      const began = performance.now();
      const { seed, isCaught, why } = await attempt(scratch, mutation, postgres.env);
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      const state = isCaught ? "caught" : "SURVIVED";
      console.log(`${index + 1}/${wanted.length} ${state} ${seconds} s, seed ${seed}: ${mutation.name}\n    ${why}`);
      if (!isCaught) survivors.push(mutation.name);
    }
  } finally {
    await postgres.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  console.log(`\n${wanted.length - survivors.length} of ${wanted.length} were caught`);
  for (const name of survivors) console.log(`  not caught: ${name}`);
  return survivors.length === 0 ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));
