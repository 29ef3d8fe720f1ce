import { limits, type SyncAnswer } from "@hubbub/contract";
import { cpuSecondsOf, cpuSecondsOfTree } from "../measure/process-usage.ts";
import { countQueries } from "./count-queries.ts";
import { type Served, sayIn } from "./with-server.ts";

/** Conversations of the one who was away, and what was said meanwhile: in a tenth of them, so many times. */
const AWAY = { conversations: 5_000, people: 100, active: 500, messages: 3 };

export interface AwayResult {
  readonly conversations: number;
  readonly missed: number;
  readonly calls: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly queries: number;
  /** Of all calls, one after the other. */
  readonly milliseconds: number;
  readonly cpuSeconds: number;
}

/** Someone in thousands of conversations comes back: everything that they know is asked about, 500 at a time. */
export async function returnAfterAnHour(served: Served): Promise<AwayResult> {
  const { server, sql, population } = served;
  await population.addPeople(AWAY.people);
  const conversations = await population.addConversations(
    Array.from({ length: AWAY.conversations }, (_, index) => [1 + (index % (AWAY.people - 1)), 0]),
  );
  await population.settle();
  const active = conversations.slice(0, AWAY.active);
  for (let round = 0; round < AWAY.messages; round++) await sayIn(served, active);
  const [installation] = await sql`select epoch from installation`;
  const url = `${await server.url}/api/v1/sync`;
  const headers = { authorization: `Bearer ${population.people[0]?.token}`, "content-type": "application/json" };
  const result = { calls: 0, sentBytes: 0, receivedBytes: 0, missed: 0, milliseconds: 0, cpuSeconds: 0 };
  const cpu = () => cpuSecondsOf(server.pid) + cpuSecondsOfTree(server.postgresPid ?? 0);
  const queries = await countQueries(sql, async () => {
    const before = cpu();
    const began = performance.now();
    for (let from = 0; from < conversations.length; from += limits.sync.conversations) {
      const some = conversations.slice(from, from + limits.sync.conversations);
      const known = Object.fromEntries(some.map(({ id }) => [id, 0]));
      const body = JSON.stringify({ epoch: installation.epoch, userPts: 0, conversations: known });
      const text = await (await fetch(url, { method: "POST", headers, body })).text();
      const answer: SyncAnswer = JSON.parse(text);
      result.calls++;
      result.sentBytes += body.length;
      result.receivedBytes += text.length;
      result.missed += answer.conversations.reduce((sum, { changes = [] }) => sum + changes.length, 0);
    }
    result.milliseconds = performance.now() - began;
    result.cpuSeconds = cpu() - before;
  });
  if (result.missed !== AWAY.active * AWAY.messages) throw new Error(`Only ${result.missed} changes were told.`);
  return { conversations: conversations.length, queries, ...result };
}
