import { barChart, figure } from "../report/bar-chart.ts";
import { describeMachine, judgements, table } from "../report/markdown.ts";
import { writeReport } from "../report/write-report.ts";
import type { ReconnectReport, ReconnectRun } from "./run.ts";

const head = [
  "Clients",
  "all current after s",
  "p50 / p99 ms",
  "queries a client",
  "KB a client",
  "server CPU ms a client",
  "PostgreSQL CPU ms a client",
  "load CPU ms a client",
];

function cpuSecondsPerCore(
  { serverCpuSeconds, postgresCpuSeconds, loadCpuSeconds }: ReconnectRun,
  cores: number,
): number {
  return (serverCpuSeconds + postgresCpuSeconds + loadCpuSeconds) / cores;
}

export function writeReconnectReport(report: ReconnectReport): string {
  const { away } = report;
  const rows = report.runs.map((run) => {
    const each = (seconds: number) => figure((seconds * 1000) / run.clients);
    const { p50, p99 } = run.current;
    return [
      ...[run.clients.toLocaleString("en"), figure(run.seconds), `${figure(p50)} / ${figure(p99)}`],
      ...[figure(run.queriesPerClient), figure(run.bytesPerClient / 1000)],
      ...[each(run.serverCpuSeconds), each(run.postgresCpuSeconds), each(run.loadCpuSeconds)],
    ];
  });
  const judged = report.runs.map(({ clients, seconds, queriesPerClient }) => ({
    target: `P6: ${clients.toLocaleString("en")} reconnect at once, all current ≤ 15 s, ≤ 2 queries each`,
    measured: `${figure(seconds)} s, ${figure(queriesPerClient)} queries`,
    met: seconds <= 15 && queriesPerClient <= 2,
  }));
  const markdown = `# Reconnecting: when everyone comes back at once

The real server with its embedded PostgreSQL. Everyone is in 20 conversations of 50 and has missed one message in each. At one instant all open a WebSocket,
as after a restart of a server, and send \`Sync\` over the hub; a client is current when it has been told the missed change of every conversation, and any that is not fails the run.
Nobody shows a password: access tokens are checked by their signature, so no password is hashed. Queries are PostgreSQL's own count of transactions, those of the idle server among them.

${describeMachine(report.date, report.machine)}

![CPU of a client that comes back](reconnect-cpu.svg)

${table([head, ...rows])}

${judgements(judged)}

CPU alone, spread over both cores, would take ${report.runs.map((run) => `${figure(cpuSecondsPerCore(run, report.machine.cores))} s for ${run.clients.toLocaleString("en")}`).join(" and ")}: what a machine without others needs at least.

## One who was away

Someone in ${away.conversations.toLocaleString("en")} conversations comes back to ${away.missed.toLocaleString("en")} missed messages in a tenth of them, and asks about all, 500 at a time by REST: ${away.calls} calls one after the other,
${figure(away.sentBytes / 1000)} KB there and ${figure(away.receivedBytes / 1000)} KB back before compression, ${away.queries} queries with those of the server itself, ${figure(away.milliseconds)} ms, ${figure(away.cpuSeconds * 1000)} ms of CPU of server and PostgreSQL.
`;
  const bars = report.runs.flatMap((run) => [
    {
      label: `${run.clients.toLocaleString("en")} clients: server`,
      value: (run.serverCpuSeconds * 1000) / run.clients,
      ours: true,
    },
    { label: "PostgreSQL", value: (run.postgresCpuSeconds * 1000) / run.clients, ours: false },
  ]);
  return writeReport({
    name: "reconnect",
    date: report.date,
    data: report,
    markdown,
    charts: { "reconnect-cpu.svg": barChart("CPU of a client that comes back (ms)", bars) },
  });
}
