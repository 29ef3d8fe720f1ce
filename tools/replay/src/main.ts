import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { Progress } from "@hubbub/progress";
import { runServer } from "@hubbub/run-server";
import { parseLog } from "./parse-irc.ts";
import { parseReplies } from "./parse-replies.ts";
import { planReplay, type SourceLine } from "./plan.ts";
import { replay } from "./replay.ts";
import { isFaithful, summarise } from "./summary.ts";

const usage = "npm run replay -- <file…> [--url http://127.0.0.1:8080]";

async function readLog(file: string): Promise<SourceLine[]> {
  const entries = parseLog(await readFile(file));
  const answered = parseReplies(
    await readFile(file.replace(/(\.raw)?\.txt$/u, ".replies.txt"), "utf8").catch(() => ""),
  );
  const at = (index: number): string => `${basename(file)}:${index + 1}`;
  return entries.map((entry, index) => {
    const answers = answered.get(index);
    return { at: at(index), entry, ...(answers !== undefined && { answers: at(answers) }) };
  });
}

/** @returns the exit code */
async function main(args: string[]): Promise<number> {
  const { positionals: files, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { url: { type: "string" } },
  });
  if (files.length === 0) throw new Error(`No file given: ${usage}`);
  const lines = (await Promise.all(files.map(readLog))).flat();
  const plan = planReplay(lines);
  const own = values.url === undefined ? await runServer() : undefined;
  try {
    const url = (values.url ?? own?.url ?? "").replace(/\/$/, "");
    const title = files
      .map((file) => basename(file))
      .join(", ")
      .slice(0, 100);
    const outcome = await replay(url, title, plan, new Progress());
    console.log(summarise(outcome, plan));
    return isFaithful(outcome, plan) ? 0 : 1;
  } finally {
    await own?.stop();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
