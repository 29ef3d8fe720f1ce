// npm test [-- part-of-a-path …]: everything the repository can prove about itself, or the files whose path has such a part.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { startTestPostgres } from "../apps/server/src/testing/database.ts";
import { buildWeb } from "./build-web.ts";
import { type Failure, readJUnit, summarize } from "./junit.ts";
import { absence, type DetectedService, detectServices, servicesAreRequired } from "./services.ts";

const repository = join(import.meta.dirname, "..");
const tool = (name: string): string => join(repository, "node_modules/.bin", name);
/** A test that needs longer is broken or belongs into bench/. */
const testTimeoutMs = 30_000;
/** Ends a phase that hangs as a whole, well before a CI job's own limit would end it without a word. */
const phaseTimeoutMs = 20 * 60_000;
/** Files at once, each in a process of its own that goes on to the next file with a fresh global object. */
const workers = Math.min(4, availableParallelism());

interface Outcome {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

type Runner = "bun" | "playwright";
type Environment = Readonly<Record<string, string | undefined>>;

const scratch = mkdtempSync(join(tmpdir(), "hubbub-test-"));
const reportOf = (runner: Runner): string => join(scratch, `${runner}.xml`);
/** Whatever the tests start inherits this, and is known by it when it outlives them. */
const runMark = ["HUBBUB_TEST_RUN", `${process.pid}-${Date.now()}`] as const;
const children = new Set<Bun.Subprocess>();
let stopPostgres: (() => Promise<void>) | undefined;
let ending = false;

/** Kills the servers, browsers and databases that tests left behind, detached ones too. Linux only. */
function killLeftovers(): void {
  if (process.platform !== "linux") return;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const carriesMark = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(runMark.join("="));
      if (carriesMark) process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has just ended, or is another user's.
    }
  }
}

async function run(command: readonly string[], environment: Environment): Promise<number> {
  const child = Bun.spawn([...command], {
    cwd: repository,
    env: { ...process.env, ...environment, [runMark[0]]: runMark[1] },
    stdio: ["ignore", "inherit", "inherit"],
    timeout: phaseTimeoutMs,
  });
  children.add(child);
  const code = await child.exited;
  children.delete(child);
  if (child.signalCode !== null) console.error(`${command[0]} was ended by ${child.signalCode}.`);
  killLeftovers();
  return ending ? new Promise<never>(() => undefined) : code;
}

/** Reads a runner's report. A file that it tells nothing of did not load; a run that fails without a failed test crashed. */
function readOutcome(runner: Runner, files: readonly string[], code: number): Outcome {
  const report = reportOf(runner);
  const { passed, skipped, ...told } = readJUnit(existsSync(report) ? readFileSync(report, "utf8") : "");
  const untold = files.filter((file) => !told.files.has(file));
  const failures = [...told.failures, ...untold.map((file) => ({ path: [file], text: "reported no test: see above" }))];
  const hasCrashed = code !== 0 && failures.length === 0;
  return { passed, skipped, failures: hasCrashed ? [{ path: [runner], text: `exited with ${code}` }] : failures };
}

async function runUnderBun(files: readonly string[], environment: Environment): Promise<Outcome> {
  const options = [
    ...["--no-orphans", `--parallel=${workers}`, `--timeout=${testTimeoutMs}`],
    ...["--reporter=junit", `--reporter-outfile=${reportOf("bun")}`],
  ];
  const code = await run([tool("bun"), "test", ...options, ...files.map((file) => `./${file}`)], environment);
  return readOutcome("bun", files, code);
}

async function runInBrowser(files: readonly string[], environment: Environment): Promise<Outcome> {
  const reporters = { PLAYWRIGHT_JUNIT_OUTPUT_FILE: reportOf("playwright") };
  const code = await run([tool("playwright"), "test", "--reporter=list,junit", ...files], {
    ...environment,
    ...reporters,
  });
  return readOutcome("playwright", files, code);
}

function findTests(parts: readonly string[]): readonly string[] {
  const glob = new Bun.Glob("{packages,apps,conformance,tools,scripts,bench}/**/*.test.{ts,tsx}");
  return [...glob.scanSync({ cwd: repository })]
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part.replace(/^\.\//, ""))))
    .sort();
}

const needs = (file: string, { suffix }: DetectedService): boolean => file.replace(/x$/, "").endsWith(suffix);

/** Says what is there and what is skipped for want of it. */
function announce(services: readonly DetectedService[], files: readonly string[]): void {
  for (const service of services) {
    if (service.path !== undefined) {
      console.log(`${service.title}: ${service.path}`);
      continue;
    }
    const missed = files.filter((file) => needs(file, service));
    console.log(`${absence(service)}. ${missed.length === 0 ? "No test needs it." : "Skipped:"}`);
    for (const file of missed) console.log(`  ${file}`);
  }
}

async function runAll(files: readonly string[], environment: Environment): Promise<Outcome> {
  const browserTests = files.filter((file) => /\.browser\.test\.tsx?$/.test(file));
  const otherTests = files.filter((file) => !browserTests.includes(file));
  const phases: Outcome[] = [];
  if (otherTests.length > 0) phases.push(await runUnderBun(otherTests, environment));
  if (browserTests.length > 0) phases.push(await runInBrowser(browserTests, environment));
  const sum = (name: "passed" | "skipped"): number => phases.reduce((total, phase) => total + phase[name], 0);
  return {
    passed: sum("passed"),
    skipped: sum("skipped"),
    failures: phases.flatMap((phase) => phase.failures),
  };
}

async function main(parts: readonly string[]): Promise<number> {
  const files = findTests(parts);
  if (files.length === 0) throw new Error(`No test file's path contains ${parts.join(" or ")}.`);
  const services = detectServices();
  const absent = services.filter(({ path }) => path === undefined);
  announce(services, files);
  if (servicesAreRequired && absent.length > 0) throw new Error("CI=true: an absent service is a failure, not a skip.");

  const runnable = files.filter((file) => !absent.some((service) => needs(file, service)));
  await buildWeb();
  const postgres = await startTestPostgres();
  stopPostgres = postgres.stop;
  const { passed, skipped, failures } = await runAll(runnable, postgres.env);
  // Whoever sees only the end of a long log still learns what failed.
  for (const failure of failures) console.log(`\n${summarize(failure)}`);
  console.log(`\n${passed} passed, ${failures.length} failed, ${skipped + files.length - runnable.length} skipped`);
  return failures.length === 0 && passed > 0 ? 0 : 1;
}

/** Ends whatever runs, waits for it and exits; nothing new starts from here on. */
async function end(code: number): Promise<never> {
  ending = true;
  for (const child of children) child.kill("SIGTERM");
  await Promise.race([Promise.all([...children].map(({ exited }) => exited)), Bun.sleep(3_000)]);
  killLeftovers();
  await stopPostgres?.();
  rmSync(scratch, { recursive: true, force: true });
  process.exit(code);
}

process.once("SIGINT", () => void end(130));
process.once("SIGTERM", () => void end(143));
process.once("SIGHUP", () => void end(129));

try {
  await end(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await end(1);
}
