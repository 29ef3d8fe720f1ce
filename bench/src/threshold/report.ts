import { figure } from "../report/bar-chart.ts";
import { describeMachine, table } from "../report/markdown.ts";
import { writeReport } from "../report/write-report.ts";
import type { DeliveryCost, ThresholdReport, Way } from "./run.ts";

function cells(costs: readonly DeliveryCost[], messagesPerTurn: number): string[] {
  const of = (way: Way) =>
    costs.find((cost) => cost.messagesPerTurn === messagesPerTurn && cost.way === way)?.cpuPerDelivery ?? 0;
  return [figure(of("each")), figure(of("native")), figure(of("each") - of("native"))];
}

export function writeThresholdReport({ idle, memberships, ...report }: ThresholdReport): string {
  const sizes = [...new Set(report.costs.map(({ size }) => size))];
  const rows = sizes.map((size) => {
    const costs = report.costs.filter((cost) => cost.size === size);
    return [size.toLocaleString("en"), ...cells(costs, 1), ...cells(costs, 10)];
  });
  const head = ["Members", "1 a turn: each", "native", "saved", "10 a turn: each", "native", "saved"];
  const membership = (way: Way) => figure((idle[way] - idle.alone) / memberships);
  const markdown = `# From which size on the runtime writes to a group

The library on Bun writes to a group in one of two ways: to *each* member, once a turn, or by one call of the runtime, which has the members of its *native* topics in
tables of its own. The option \`nativeRoomSize\` says from how many members on. Here both ways are taken for groups of every size: µs of the server's CPU for each delivery of
about 300 bytes, the median of three runs that took turns.

${describeMachine(report.date, report.machine)}

${table([head, ...rows])}

| | bytes |
|---|---:|
| An idle connection in no group | ${figure(idle.alone)} |
| A membership in a group whose members are written to each | ${membership("each")} |
| A membership in a native group | ${membership("native")} |
`;
  return writeReport({
    name: "threshold",
    date: report.date,
    data: { ...report, idle, memberships },
    markdown,
    charts: {},
  });
}
