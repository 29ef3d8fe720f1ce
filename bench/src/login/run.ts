import { newDeviceId } from "@hubbub/contract";
import { ServerProcess, temporaryDirectory } from "../../../apps/server/src/testing/server-process.ts";
import { inspectMachine, type Machine } from "../measure/machine.ts";
import { figure } from "../report/bar-chart.ts";
import { describeMachine, judgements, table } from "../report/markdown.ts";
import { writeReport } from "../report/write-report.ts";

/** Tries in all, one after another: half for an account that is there, half for one that is not, in turns. */
const TRIES = 1_000;
/** Before the first that counts: the first hash, the first statements. */
const WARM_UP = 20;
/** How far the medians may lie apart. */
const MOST_APART = 0.05;
const username = "somebody";

export interface LoginReport {
  readonly date: string;
  readonly machine: Machine;
  /** Milliseconds, of each try. */
  readonly known: readonly number[];
  readonly unknown: readonly number[];
}

/** @returns milliseconds until the refusal has been read */
async function tryToLogIn(url: string, login: string): Promise<number> {
  const body = JSON.stringify({ login, password: "wrong horse battery staple", deviceId: newDeviceId() });
  const began = performance.now();
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/api/v1/auth/login`, { method: "POST", headers, body });
  await answer.text();
  const took = performance.now() - began;
  if (answer.status !== 401) throw new Error(`A wrong password was answered with ${answer.status}`);
  return took;
}

export async function runLogin(): Promise<LoginReport> {
  const machine = inspectMachine();
  const directory = temporaryDirectory();
  const server = await ServerProcess.start({ dataDirectory: directory.path });
  try {
    const url = await server.url;
    const account = { username, email: `${username}@example.org`, password: "correct horse battery staple" };
    await fetch(`${url}/api/v1/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(account),
    });
    const known: number[] = [];
    const unknown: number[] = [];
    for (let count = -WARM_UP; count < TRIES / 2; count++) {
      // who comes first changes, so that neither always follows the other
      const kinds = count % 2 === 0 ? [known, unknown] : [unknown, known];
      for (const kind of kinds) {
        const took = await tryToLogIn(url, kind === known ? username : `nobody${String(count).padStart(4, "0")}`);
        if (count >= 0) kind.push(took);
      }
    }
    return { date: new Date().toISOString(), machine, known, unknown };
  } finally {
    await server.stop();
    directory.remove();
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

export function writeLoginReport(report: LoginReport): string {
  const kinds = { "an account": report.known, nobody: report.unknown };
  const rows = Object.entries(kinds).map(([name, times]) => [
    name,
    String(times.length),
    ...[0.1, 0.5, 0.9].map((share) => figure(quantile(times, share))),
  ]);
  const [of, without] = [quantile(report.known, 0.5), quantile(report.unknown, 0.5)];
  const apart = Math.abs(of - without) / Math.min(of, without);
  const markdown = `# Logging in where there is no account

Wrong passwords for an account that is there and for names that nobody has, in turns, one after another over REST. Both are refused with the same words; here with the time that it takes.

${describeMachine(report.date, report.machine)}

${table([["Login of", "tries", "p10 ms", "median ms", "p90 ms"], ...rows])}

${judgements([
  {
    target: `medians within ${MOST_APART * 100} % of each other, over ${report.known.length + report.unknown.length} tries`,
    measured: `${figure(apart * 100)} %`,
    met: apart <= MOST_APART,
  },
])}

That the same work is done is a test of its own, which needs no clock: \`apps/server/src/features/accounts/accounts.pg.test.ts\`.
`;
  return writeReport({ name: "login", date: report.date, data: report, markdown, charts: {} });
}
