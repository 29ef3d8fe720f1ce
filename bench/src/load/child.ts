import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Milliseconds after which a load that does not end is killed. */
const PATIENCE = 170_000;

/**
 * Runs a load in a process of its own.
 * @param script absolute path of a module that calls `answerWith`
 * @throws Error with what the process said when the load failed: a lost delivery fails it
 */
export async function runLoad<Config, Answer>(script: string, config: Config): Promise<Answer> {
  const directory = mkdtempSync(join(tmpdir(), "hubbub-bench-"));
  const file = join(directory, "config.json");
  writeFileSync(file, JSON.stringify(config));
  const child = Bun.spawn([process.execPath, script, file], { stdio: ["ignore", "pipe", "inherit"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  try {
    const output = await new Response(child.stdout).text();
    if ((await child.exited) !== 0) throw new Error(`The load failed: ${output.trim()}`);
    const answer: Answer = JSON.parse(output);
    return answer;
  } finally {
    clearTimeout(timer);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The body of a load's process: reads what it is to do, does it, and says on standard output what came of it. */
export async function answerWith<Config, Answer>(load: (config: Config) => Promise<Answer>): Promise<void> {
  try {
    const config: Config = await Bun.file(process.argv[2] ?? "").json();
    process.stdout.write(`${JSON.stringify(await load(config))}\n`);
    process.exit(0);
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
}
