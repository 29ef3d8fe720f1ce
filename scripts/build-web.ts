import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const repository = join(import.meta.dirname, "..");
const web = join(repository, "apps/web");
const dist = join(web, "dist");
/** The page is made of these; a folder stands for everything below it. */
const sources = ["apps/web", "packages/client", "packages/contract", "package-lock.json", "tsconfig.base.json"];
/** What is made, installed or only tested, by the name of the file or folder. */
const notSource = /^(node_modules|dist|\.dist-\d+|test|test-results|.*\.test\.tsx?)$/;

function filesBelow(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !notSource.test(name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]))
    .sort();
}

/** One digest of every source's path and content: a checkout that changes only times builds nothing. */
function digestSources(): string {
  const hash = new Bun.CryptoHasher("sha256");
  for (const source of sources) {
    const path = join(repository, source);
    for (const file of /\.\w+$/.test(source) ? [path] : filesBelow(path)) {
      hash
        .update(`${relative(repository, file)}\0`)
        .update(readFileSync(file))
        .update("\0");
    }
  }
  return hash.digest("hex");
}

function isFresh(digest: string): boolean {
  try {
    return readFileSync(join(dist, ".source-hash"), "utf8") === digest;
  } catch {
    return false;
  }
}

/** Puts the finished folder in the place of the old one; of two processes that do so, the later one's stays. */
function install(built: string, digest: string): void {
  const replaced = join(web, `.dist-${process.pid}-old`);
  try {
    renameSync(dist, replaced);
  } catch {
    // There was none, or another process has just taken it away.
  }
  try {
    renameSync(built, dist);
  } catch (error) {
    if (!isFresh(digest)) throw error;
  } finally {
    rmSync(replaced, { recursive: true, force: true });
  }
}

/**
 * Builds the web client into apps/web/dist unless it is there already, made of these very sources.
 * Safe when several processes do it at once. Throws with Vite's words when the build fails.
 */
export async function buildWeb(): Promise<void> {
  const digest = digestSources();
  if (isFresh(digest)) return;
  const started = performance.now();
  process.stderr.write("Building the web client … ");
  const built = join(web, `.dist-${process.pid}`);
  try {
    const vite = Bun.spawn(
      [join(repository, "node_modules/.bin/vite"), "build", "--outDir", built, "--emptyOutDir", "--logLevel", "warn"],
      { cwd: web, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
    );
    const output = await Promise.all([new Response(vite.stdout).text(), new Response(vite.stderr).text()]);
    if ((await vite.exited) !== 0) throw new Error(`Vite could not build the web client.\n${output.join("").trim()}`);
    writeFileSync(join(built, ".source-hash"), digest);
    install(built, digest);
  } catch (error) {
    process.stderr.write("failed\n");
    throw error;
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
  process.stderr.write(`done in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

if (import.meta.main) {
  try {
    await buildWeb();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
}
