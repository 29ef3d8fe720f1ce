// bun packages/signalr/test/hostile/main.ts [--seconds 30] [--runtime Bun] [--only name,name]: what each attack costs, printed, and with
// --write written to bench/results/hostile.md.
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { attacks } from "./attacks/index.ts";
import { type AttackResult, runtimes, startServer } from "./run-attack.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    runtime: { type: "string" },
    only: { type: "string", default: "" },
    write: { type: "boolean" },
  },
});
const seconds = Number(values.seconds);
const columns = [
  "Attack",
  "echo p50 / p99 before (ms)",
  "during (ms)",
  "beside (ms)",
  "p99 to before / beside",
  "server's CPU before / during (ms/s)",
  "p99 of the wait for a turn before / during (ms of CPU)",
  "longest turn before / during (ms of CPU)",
  "peak (MB)",
  "after a collection: resident / heap (MB)",
  "left",
  "what the server did",
];

function row(title: string, result: AttackResult): string {
  const { before, during, beside, outcomes } = result;
  const did = Object.entries(outcomes).map(([outcome, count]) => `${outcome} × ${count}`);
  const cells = [
    title,
    `${before.p50.toFixed(2)} / ${before.p99.toFixed(2)}`,
    `${during.p50.toFixed(2)} / ${during.p99.toFixed(2)}`,
    beside === null ? "" : `${beside.p50.toFixed(2)} / ${beside.p99.toFixed(2)}`,
    `${(during.p99 / before.p99).toFixed(1)} / ${(during.p99 / (beside?.p99 ?? Number.NaN)).toFixed(1)}`,
    `${before.cpu.toFixed(0)} / ${during.cpu.toFixed(0)}`,
    `${before.wait.toFixed(1)} / ${during.wait.toFixed(1)}`,
    `${before.longestTurn.toFixed(0)} / ${during.longestTurn.toFixed(0)}`,
    result.peak.toFixed(0),
    `${result.grown.toFixed(0)} / ${result.grownHeap.toFixed(1)}`,
    String(result.left),
    did.join(", "),
  ];
  return `| ${cells.join(" | ")} |`;
}

const lines: string[] = [];
function print(line: string): void {
  lines.push(line);
  process.stdout.write(`${line}\n`);
}

print("# What hostile clients cost\n");
print(
  `Each attack alone, from a process of its own, at low priority, on a fresh server of two hubs; the first seven for ${seconds} s, the others for a tenth of it.`,
);
print(
  "Another client asks for an echo every 5 ms, before the attack and during it. So does one beside, meanwhile, of a server",
);
print("that nobody attacks: what it notices is the machine's, for attacker, servers and clients share its cores.");
print(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model.trim()}, Bun ${Bun.version}; load of the machine at the start ${loadavg()[0]?.toFixed(1)}.`,
);
const chosen = attacks
  .filter(({ name }) => values.only === "" || values.only.split(",").includes(name))
  .toSorted((a, b) => Number(b.sustained === true) - Number(a.sustained === true));
for (const runtime of runtimes.filter((name) => values.runtime === undefined || values.runtime === name)) {
  print(`\n## ${runtime}\n`);
  print(`| ${columns.join(" | ")} |`);
  print(`|${columns.map(() => "---|").join("")}`);
  const other = await startServer(runtime);
  for (const attack of chosen) {
    const server = await startServer(runtime);
    print(row(attack.title, await server.attack(attack, attack.sustained ? seconds : seconds / 10, other.client)));
    await server.stop();
  }
  await other.stop();
}
if (values.write) {
  const path = join(import.meta.dir, "../../../../bench/results/hostile.md");
  await Bun.write(path, `${lines.join("\n")}\n`);
}
