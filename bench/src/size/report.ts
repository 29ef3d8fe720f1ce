import { barChart, figure } from "../report/bar-chart.ts";
import { describeMachine, judgements, table } from "../report/markdown.ts";
import { writeReport } from "../report/write-report.ts";
import type { Cost, SizeReport } from "./run.ts";

const head = [
  "Request",
  "items",
  "small: p50 / p99 ms",
  "large: p50 / p99 ms",
  "small: CPU ms",
  "large: CPU ms",
  "CPU, large to small",
];

const times = ({ p50, p99 }: Cost): string => `${figure(p50)} / ${figure(p99)}`;

export function writeSizeReport(report: SizeReport): string {
  const { small, large, requests } = report;
  const sizes = (of: SizeReport["small"]) =>
    `${of.messages.toLocaleString("en")} messages in ${of.conversations.toLocaleString("en")} conversations, the longest of ${of.longest.toLocaleString("en")}, the largest with ${of.members.toLocaleString("en")} members`;
  const rows = requests.map(({ name, small: few, large: many }) => [
    ...[name, `${few.items} / ${many.items}`, times(few), times(many), figure(few.cpuMs), figure(many.cpuMs)],
    figure(many.cpuMs / few.cpuMs),
  ]);
  const judged = requests.flatMap(({ name, targetP99, large: { p99 } }) =>
    targetP99 === undefined
      ? []
      : [{ target: `P7: ${name}, p99 ≤ ${targetP99} ms`, measured: `${figure(p99)} ms`, met: p99 <= targetP99 }],
  );
  const markdown = `# Size: whether answers stay quick as the tables grow

The same requests to two real servers in turn. *Small*: ${sizes(small)}. *Large*: ${sizes(large)}.
Both are made by \`npm run seed\`. Who asks is in every conversation of theirs, the worst case of a search and a list, but where told otherwise. One request
at a time over HTTP, JSON read; the best of three rounds. CPU is that of server and PostgreSQL together.

${describeMachine(report.date, report.machine)}

![CPU of a request](size-cpu.svg)

${table([head, ...rows])}

${judgements(judged)}
`;
  const bars = requests.flatMap(({ name, small: few, large: many }) => [
    { label: name, value: few.cpuMs, ours: false },
    { label: "large", value: many.cpuMs, ours: true },
  ]);
  return writeReport({
    name: "size",
    date: report.date,
    data: report,
    markdown,
    charts: { "size-cpu.svg": barChart("CPU of a request (ms), small and large", bars) },
  });
}
