import { barChart, figure } from "../report/bar-chart.ts";
import { describeFloor, describeMachine, type Judgement, judgements, table } from "../report/markdown.ts";
import { writeReport } from "../report/write-report.ts";
import type { ChatResult } from "./plan.ts";
import type { ChatReport } from "./run.ts";

/** Milliseconds within which 99 of 100 sends must be acknowledged for a rate to count as sustained (P3). */
const SUSTAINED_P99 = 100;

const perSend = (seconds: number, { sends }: ChatResult): number => (seconds * 1e6) / sends;
const perDelivery = ({ serverCpuSeconds, deliveries }: ChatResult): number => (serverCpuSeconds * 1e6) / deliveries;

function judgeRoom(report: ChatReport): Judgement[] {
  const one = report.phases.find(({ name }) => name === "room, one a turn");
  const ten = report.phases.find(({ name }) => name === "room, ten a turn");
  const floor = report.floor?.oneAWrite.sender;
  const judged: Judgement[] = [];
  if (one !== undefined && floor !== undefined) {
    const cost = perDelivery(one);
    const measured = `${figure(cost / floor)} × (${figure(cost)} / ${figure(floor)} µs)`;
    judged.push({ target: "P1: ≤ 1.3 × the floor, one a turn", measured, met: cost <= 1.3 * floor });
  }
  if (ten === undefined) return judged;
  const cost = perDelivery(ten);
  const perCore = 1e6 / cost;
  judged.push({ target: "P1: ≤ 1.5 µs a delivery, ten a turn", measured: `${figure(cost)} µs`, met: cost <= 1.5 });
  const measured = figure(perCore);
  judged.push({
    target: "P2: ≥ 300,000 deliveries a second of server CPU, in bursts",
    measured,
    met: perCore >= 300_000,
  });
  return judged;
}

function judge(report: ChatReport): Judgement[] {
  const judged = judgeRoom(report);
  const ramp = report.phases.filter(({ name }) => name.startsWith("sends"));
  if (ramp.length > 0) {
    const sustained = Math.max(
      0,
      ...ramp.filter(({ ack }) => ack.p99 <= SUSTAINED_P99).map(({ perSecond }) => perSecond),
    );
    judged.push({
      target: "P3: ≥ 10,000 durable sends a second, p99 ≤ 100 ms, nothing lost",
      measured: `${figure(sustained)} a second`,
      met: sustained >= 10_000,
    });
  }
  const people = report.phases.find(({ name }) => name === "people");
  if (people !== undefined) {
    const { ack, delivery } = people;
    judged.push({
      target: "P4: acknowledged p50 ≤ 5, p99 ≤ 30 ms; delivered p99 ≤ 50 ms",
      measured: `${figure(ack.p50)}, ${figure(ack.p99)}; ${figure(delivery.p99)} ms`,
      met: ack.p50 <= 5 && ack.p99 <= 30 && delivery.p99 <= 50,
    });
  }
  if (report.online !== undefined) {
    const bytes = report.online.bytesPerConnection;
    judged.push({
      target: "P5: ≤ 4 KB an idle, signed-in connection in 20 conversations",
      measured: `${figure(bytes / 1000)} KB`,
      met: bytes <= 4000,
    });
  }
  return judged;
}

function row(phase: ChatResult): string[] {
  const {
    name,
    runs,
    perSecond,
    sends,
    deliveries,
    serverCpuSeconds,
    postgresCpuSeconds,
    messagesPerRead,
    ack,
    delivery,
  } = phase;
  return [
    runs === 1 ? name : `${name} (best of ${runs} runs)`,
    figure(perSecond),
    sends.toLocaleString("en"),
    deliveries.toLocaleString("en"),
    figure(perSend(serverCpuSeconds, phase)),
    figure(perSend(postgresCpuSeconds, phase)),
    figure(perDelivery(phase)),
    figure(messagesPerRead),
    `${figure(ack.p50)} / ${figure(ack.p99)}`,
    `${figure(delivery.p50)} / ${figure(delivery.p99)}`,
  ];
}

export function writeChatReport(report: ChatReport): string {
  const ramp = report.phases.filter(({ name }) => name.startsWith("sends"));
  const head = [
    "Phase",
    "sends a second",
    "sends",
    "deliveries",
    "server µs a send",
    "PostgreSQL µs a send",
    "server µs a delivery",
    "messages a read",
    "ack p50 / p99 ms",
    "delivery p50 / p99 ms",
  ];
  const markdown = `# Chat: the whole way of a message

The real server with its embedded PostgreSQL, commits durable. ${report.people.toLocaleString("en")} people are online, each over a WebSocket of their own; sends are planned
ahead and times run from the planned moment. *people*: conversations of 25, 5,000 deliveries a second. *room*: one conversation of
${report.room.toLocaleString("en")}, one message at a time or ten at once. *sends*: 500 people, each in a conversation of their own. Every send must be acknowledged, stored
once and heard by every member in the order of \`pts\`, or the run fails; ${report.storedMessages.toLocaleString("en")} messages were stored.

${describeMachine(report.date, report.machine)}
${describeFloor(report.floor)}

${ramp.length === 0 ? "" : "![CPU of a send by rate](chat-sends.svg)\n"}
${table([head, ...report.phases.map(row)])}

${judgements(judge(report))}
`;
  const bars = ramp.flatMap((phase) => [
    { label: `${figure(phase.perSecond)} a second: server`, value: perSend(phase.serverCpuSeconds, phase), ours: true },
    { label: "PostgreSQL", value: perSend(phase.postgresCpuSeconds, phase), ours: false },
  ]);
  return writeReport({
    name: "chat",
    date: report.date,
    data: report,
    markdown,
    charts: ramp.length === 0 ? {} : { "chat-sends.svg": barChart("CPU of a durable, acknowledged send (µs)", bars) },
  });
}
