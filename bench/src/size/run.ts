import { optionsFor, type SeedOptions } from "@hubbub/seed";
import { temporaryDirectory } from "../../../apps/server/src/testing/server-process.ts";
import { Histogram, type Percentiles } from "../measure/histogram.ts";
import { inspectMachine, type Machine } from "../measure/machine.ts";
import { cpuSecondsOf, cpuSecondsOfTree } from "../measure/process-usage.ts";
import { type Community, openCommunity } from "./community.ts";
import { type Answer, type MeasuredRequest, requests } from "./requests.ts";

const SMALL = { ...optionsFor(10_000), people: 600, conversations: 600 };
const LARGE = optionsFor(1_000_000);
/** The best counts: neighbours on the machine disturb single ones. */
const ROUNDS = 3;

export interface SizeReport {
  readonly date: string;
  readonly machine: Machine;
  readonly small: Community["sizes"];
  readonly large: Community["sizes"];
  readonly requests: readonly {
    readonly name: string;
    readonly targetP99?: number;
    readonly small: Cost;
    readonly large: Cost;
  }[];
}

export interface Cost extends Percentiles {
  /** Items of the last answer. */
  readonly items: number;
  /** Of server and PostgreSQL together, for one request. */
  readonly cpuMs: number;
}

/** @param seeded a data directory that `npm run seed` has filled, to measure in place of one made for the run */
export async function runSize(seeded?: string): Promise<SizeReport> {
  const machine = inspectMachine();
  return withCommunity(undefined, SMALL, (small) =>
    withCommunity(seeded, LARGE, async (large) => ({
      ...{ date: new Date().toISOString(), machine, small: small.sizes, large: large.sizes },
      requests: await measureAll(small, large),
    })),
  );
}

async function withCommunity<T>(
  seeded: string | undefined,
  options: SeedOptions,
  task: (community: Community) => Promise<T>,
): Promise<T> {
  const directory = seeded === undefined ? temporaryDirectory() : { path: seeded, remove: () => undefined };
  try {
    const community = await openCommunity(directory.path, seeded === undefined ? options : undefined);
    try {
      return await task(community);
    } finally {
      await community.close();
    }
  } finally {
    directory.remove();
  }
}

/** Each request of the small case and the large one in turn, so that a busy moment disturbs both alike. */
async function measureAll(small: Community, large: Community): Promise<SizeReport["requests"]> {
  const measured = [];
  for (const request of requests) {
    const { name, targetP99 } = request;
    const best: { small?: Cost; large?: Cost } = {};
    for (let round = 0; round < ROUNDS; round++) {
      best.small = better(best.small, await measure(small, request, round));
      best.large = better(best.large, await measure(large, request, round));
    }
    if (best.small === undefined || best.large === undefined) throw new RangeError("There must be a round.");
    console.log(`${name.padEnd(38)} p99 ${best.small.p99.toFixed(1)} / ${best.large.p99.toFixed(1)} ms`);
    measured.push({ name, ...(targetP99 !== undefined && { targetP99 }), small: best.small, large: best.large });
  }
  return measured;
}

function better(one: Cost | undefined, other: Cost): Cost {
  return one === undefined || other.p99 < one.p99 ? other : one;
}

async function measure(community: Community, { times, make, count }: MeasuredRequest, round: number): Promise<Cost> {
  const { server } = community;
  const cpu = () => cpuSecondsOf(server.pid) + cpuSecondsOfTree(server.postgresPid ?? 0);
  const histogram = new Histogram();
  let items = 0;
  const before = cpu();
  for (let n = 0; n < times; n++) {
    const request = make(community, round * times + n);
    const began = performance.now();
    const response = await fetch(request);
    const answer: Answer = await response.json();
    histogram.record(performance.now() - began);
    if (!response.ok) throw new Error(`${request.url} answered ${response.status}: ${JSON.stringify(answer)}`);
    items = count(answer);
  }
  return { ...histogram.percentiles(), items, cpuMs: ((cpu() - before) * 1000) / times };
}
