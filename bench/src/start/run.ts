import { ServerProcess, temporaryDirectory } from "../../../apps/server/src/testing/server-process.ts";
import { inspectMachine, type Machine } from "../measure/machine.ts";
import { residentBytesOf } from "../measure/process-usage.ts";
import { figure } from "../report/bar-chart.ts";
import { describeMachine, judgements, table } from "../report/markdown.ts";
import { writeReport } from "../report/write-report.ts";

/** Starts on the same data, after the first that made it. */
const LATER_STARTS = 3;
/** Milliseconds until memory is read. */
const SETTLING = 2_000;

export interface StartReport {
  readonly date: string;
  readonly machine: Machine;
  readonly starts: readonly StartResult[];
}

export interface StartResult {
  readonly name: string;
  /** From the process's start to its line that it is ready. */
  readonly seconds: number;
  /** Of the server alone, without PostgreSQL. */
  readonly residentBytes: number;
}

async function start(name: string, dataDirectory: string): Promise<StartResult> {
  const began = performance.now();
  const server = await ServerProcess.start({ dataDirectory });
  const seconds = (performance.now() - began) / 1000;
  await Bun.sleep(SETTLING);
  const residentBytes = residentBytesOf(server.pid);
  await server.stop();
  return { name, seconds, residentBytes };
}

/** The page is built already: `npm start` builds it only when its sources have changed. */
export async function runStart(): Promise<StartReport> {
  const machine = inspectMachine();
  const directory = temporaryDirectory();
  try {
    const starts = [await start("first", directory.path)];
    for (let count = 0; count < LATER_STARTS; count++) starts.push(await start("later", directory.path));
    return { date: new Date().toISOString(), machine, starts };
  } finally {
    directory.remove();
  }
}

export function writeStartReport(report: StartReport): string {
  const later = report.starts.filter(({ name }) => name === "later");
  const seconds = Math.min(...later.map((each) => each.seconds));
  const megabytes = Math.max(...later.map((each) => each.residentBytes)) / 1e6;
  const rows = report.starts.map((each) => [each.name, figure(each.seconds), figure(each.residentBytes / 1e6)]);
  const markdown = `# Starting the server

From the start of the process to its line that it is ready, PostgreSQL's start included; memory of the idle server without PostgreSQL.

${describeMachine(report.date, report.machine)}

${table([["Start", "seconds to ready", "MB resident"], ...rows])}

${judgements([
  {
    target: "P8: ready within 2 s, the second time",
    measured: `${figure(seconds)} s (best of ${later.length})`,
    met: seconds <= 2,
  },
  { target: "P8: ≤ 120 MB idle, without PostgreSQL", measured: `${figure(megabytes)} MB`, met: megabytes <= 120 },
])}
`;
  return writeReport({ name: "start", date: report.date, data: report, markdown, charts: {} });
}
