import { barChart, figure } from "../report/bar-chart.ts";
import { describeFloor, describeMachine, type Judgement, judgements, table } from "../report/markdown.ts";
import { writeReport } from "../report/write-report.ts";
import type { BroadcastResult } from "./broadcast-load.ts";
import type { ServerReport, SignalRReport } from "./run.ts";

const ours = (name: string): boolean => name.startsWith("hubbub-");

function broadcastOf({ broadcasts }: ServerReport, messagesPerTurn: number): BroadcastResult | undefined {
  return broadcasts.find((broadcast) => broadcast.messagesPerTurn === messagesPerTurn);
}

function costOf(report: SignalRReport, name: string, messagesPerTurn: number): number | undefined {
  const server = report.servers.find((each) => each.name === name);
  return server && broadcastOf(server, messagesPerTurn)?.cpuPerDelivery;
}

/** @returns nothing where one of the two was not measured */
function ratio(target: string, value: number | undefined, against: number | undefined, most: number): Judgement[] {
  if (value === undefined || against === undefined) return [];
  const measured = value / against;
  return [
    { target, measured: `${figure(measured)} × (${figure(value)} / ${figure(against)} µs)`, met: measured <= most },
  ];
}

function judge(report: SignalRReport): Judgement[] {
  const [one, ten] = [1, 10].map((count) => costOf(report, "hubbub-bun", count));
  const idle = report.servers.find(({ name }) => name === "hubbub-bun")?.idle?.bytesPerConnection;
  const against = (name: string, title: string, most: number, words: string) => [
    ...ratio(`P9: ${words} of ${title}, one a turn`, one, costOf(report, name, 1), most),
    ...ratio(`P9: ${words} of ${title}, ten a turn`, ten, costOf(report, name, 10), most),
  ];
  return [
    ...ratio("P1, without storing: ≤ 1.3 × the floor, one a turn", one, report.floor?.oneAWrite.sender, 1.3),
    ...(ten === undefined
      ? []
      : [{ target: "P1, without storing: ≤ 1.5 µs, ten a turn", measured: `${figure(ten)} µs`, met: ten <= 1.5 }]),
    ...(idle === undefined
      ? []
      : [
          {
            target: "P5, the library's part: ≤ 4 KB an idle connection",
            measured: `${figure(idle / 1000)} KB`,
            met: idle <= 4000,
          },
        ]),
    ...against("socket.io", "Socket.IO", 1 / 3, "≤ 1/3"),
    ...against("aspnetcore", "ASP.NET Core SignalR", 1 / 2, "≤ 1/2"),
  ];
}

function row({ title, absent, broadcasts, idle, ...server }: ServerReport): string[] {
  if (absent !== undefined) return [`${title}: ${absent}`, ...Array.from({ length: 7 }, () => "")];
  const whole = { title, broadcasts, ...server };
  const [one, ten] = [1, 10].map((count) => broadcastOf(whole, count));
  const cell = (value: number | undefined) => (value === undefined ? "" : figure(value));
  return [
    title,
    cell(one?.cpuPerDelivery),
    cell(ten?.cpuPerDelivery),
    one === undefined || ten === undefined ? "" : `${figure(one.messagesPerRead)} / ${figure(ten.messagesPerRead)}`,
    cell(one?.latency.p50),
    cell(one?.latency.p99),
    cell(idle && idle.bytesPerConnection / 1000),
    cell(one && one.residentBytes / 1e6),
  ];
}

export function writeSignalRReport(report: SignalRReport): string {
  const measured = report.servers.filter(({ absent }) => absent === undefined);
  const bars = (value: (server: ServerReport) => number | undefined) =>
    measured.map((server) => ({ label: server.title, value: value(server) ?? 0, ours: ours(server.name) }));
  const mark = (value: number | undefined) => (value === undefined ? undefined : { label: "C floor", value });
  const head = [
    "Server",
    "µs, 1 a turn",
    "µs, 10 a turn",
    "messages a read, 1 / 10 a turn",
    "p50 ms",
    "p99 ms",
    "KB idle",
    "MB resident",
  ];
  const markdown = `# SignalR: what a delivery costs

One group of ${report.clients.toLocaleString("en")} WebSocket connections, JSON, messages of about 300 bytes. CPU is the server's, user and system, for each
delivery; every client checks that it hears every message once and in order, and a lost one fails the run. Memory is what 5,000 more idle
connections add to the server's resident set after a collection; the kernel's part is not in it. Times are of the whole way, with one message a turn. Above 1.0 messages a read with one a turn, the process was held up and caught up in larger
turns: its figure is too good.

${describeMachine(report.date, report.machine)}
${describeFloor(report.floor)}

![CPU of a delivery, one message a turn](signalr-one-a-turn.svg)

![CPU of a delivery, ten messages a turn](signalr-ten-a-turn.svg)

![Memory of an idle connection](signalr-idle.svg)

${table([head, ...report.servers.map(row)])}

${judgements(judge(report))}
`;
  return writeReport({
    name: "signalr",
    date: report.date,
    data: report,
    markdown,
    charts: {
      "signalr-one-a-turn.svg": barChart(
        "Server CPU a delivery, one message a turn (µs)",
        bars((server) => broadcastOf(server, 1)?.cpuPerDelivery),
        mark(report.floor?.oneAWrite.sender),
      ),
      "signalr-ten-a-turn.svg": barChart(
        "Server CPU a delivery, ten messages a turn (µs)",
        bars((server) => broadcastOf(server, 10)?.cpuPerDelivery),
        mark(report.floor?.tenAWrite.sender),
      ),
      "signalr-idle.svg": barChart(
        "Server memory of an idle connection (KB)",
        bars((server) => (server.idle?.bytesPerConnection ?? 0) / 1000),
      ),
    },
  });
}
