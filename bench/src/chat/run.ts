import { join } from "node:path";
import { ServerProcess, temporaryDirectory } from "../../../apps/server/src/testing/server-process.ts";
import { runLoad } from "../load/child.ts";
import { type Floor, measureFloor, medianFloor } from "../measure/floor.ts";
import { inspectMachine, type Machine } from "../measure/machine.ts";
import type { OnlineConfig, OnlineResult } from "./online-load.ts";
import type { ChatConfig, ChatPhase, ChatResult } from "./plan.ts";
import { type Conversation, Population } from "./population.ts";

const PEOPLE = 2000;
/** Each of 25, so that 200 sends a second are 5,000 deliveries; everyone is in four of them. */
const GROUPS = { count: 320, members: 25 };
const ROOM = 1000;
const SENDERS = 500;
/** Sends a second that are tried, until acknowledgements take too long. */
const RAMP = [2000, 5000, 8000, 10_000, 12_000, 14_000];
/** Milliseconds within which 99 of 100 sends are to be acknowledged: P3 for the ramp, P4 for people. */
const TARGET_P99 = { ramp: 100, people: 30 };
/** People who are only there, each in so many conversations of that many members. */
const IDLE = { first: 2000, more: 8000, conversations: 20, members: 50 };

export interface ChatReport {
  readonly date: string;
  readonly machine: Machine;
  readonly floor?: Floor;
  readonly people: number;
  readonly room: number;
  readonly phases: readonly ChatResult[];
  readonly storedMessages: number;
  readonly online?: OnlineResult;
}

const collects = join(import.meta.dir, "../measure/collect-when-asked.ts");

/** The parts of the run, by name. */
const parts = ["people", "room", "sends", "idle"] as const;
type Part = (typeof parts)[number];

interface Places {
  readonly groups: readonly [from: number, to: number];
  readonly room: readonly [from: number, to: number];
  readonly own: readonly [from: number, to: number];
}

function phasesOf({ groups, room, own }: Places, wanted: ReadonlySet<Part>): ChatPhase[] {
  const of = (part: Part, phases: ChatPhase[]) => (wanted.has(part) ? phases : []);
  const inGroups = { from: groups[0], to: groups[1] };
  const inRoom = { from: room[0], to: room[1] };
  const inOwn = { from: own[0], to: own[1] };
  return [
    { name: "warm-up", ...inGroups, perSecond: 300, seconds: 4, measured: false },
    ...of("people", [
      { name: "people", ...inGroups, perSecond: 200, seconds: 8, measured: true, targetP99: TARGET_P99.people },
    ]),
    ...of("room", [
      { name: "room, warm-up", ...inRoom, perSecond: 25, seconds: 3, measured: false },
      { name: "room, one a turn", ...inRoom, perSecond: 25, seconds: 6, measured: true },
      { name: "room, ten a turn", ...inRoom, perSecond: 4, seconds: 5, burst: 10, measured: true },
    ]),
    ...of("sends", [
      { name: "sends, warm-up", ...inOwn, perSecond: 2000, seconds: 2, measured: false },
      ...RAMP.map((perSecond) => ({
        name: `sends, ${perSecond} a second`,
        ...inOwn,
        perSecond,
        seconds: 4,
        measured: true,
        targetP99: TARGET_P99.ramp,
        endsRamp: true,
      })),
    ]),
  ];
}

/** Everyone is in the same number of groups, and two who share one share hardly another. */
function groupsOf(people: number, { count, members }: typeof GROUPS): number[][] {
  return Array.from({ length: count }, (_, group) =>
    Array.from({ length: members }, (_, place) => {
      const round = Math.floor((group * members) / people);
      return (group * members + place * (1 + round * 7) + round * 31) % people;
    }),
  ).map((group) => [...new Set(group)]);
}

async function runPhases(
  server: ServerProcess,
  population: Population,
  wanted: ReadonlySet<Part>,
): Promise<ChatResult[]> {
  await population.addPeople(PEOPLE);
  const groups = groupsOf(PEOPLE, GROUPS);
  const everyone = Array.from({ length: ROOM }, (_, index) => index);
  const own = Array.from({ length: SENDERS }, (_, index) => [index]);
  const conversations: Conversation[] = await population.addConversations([...groups, everyone, ...own]);
  const room = groups.length;
  const places: Places = { groups: [0, room], room: [room, room + 1], own: [room + 1, room + 1 + SENDERS] };
  await population.settle();
  return runLoad<ChatConfig, ChatResult[]>(join(import.meta.dir, "chat-load.ts"), {
    url: `${(await server.url).replace("http", "ws")}/hubs/chat`,
    serverPid: server.pid,
    postgresPid: server.postgresPid ?? 0,
    tokens: population.people.map(({ token }) => token),
    conversations,
    phases: phasesOf(places, wanted),
  });
}

async function measureOnline(server: ServerProcess, population: Population): Promise<OnlineResult> {
  const { first, more, conversations, members } = IDLE;
  const count = first + more;
  await population.addPeople(count);
  const groups = Array.from({ length: (count * conversations) / members }, (_, group) =>
    Array.from({ length: members }, (_, place) => (group * members + place) % count),
  );
  await population.addConversations(groups);
  return runLoad<OnlineConfig, OnlineResult>(join(import.meta.dir, "online-load.ts"), {
    url: `${(await server.url).replace("http", "ws")}/hubs/chat`,
    serverPid: server.pid,
    tokens: population.people.map(({ token }) => token),
    first,
  });
}

/** @param bunOptions for the runtime of the server */
async function withServer<T>(
  bunOptions: string | undefined,
  task: (server: ServerProcess, population: Population) => Promise<T>,
): Promise<T> {
  const directory = temporaryDirectory();
  const env = { LOG_LEVEL: "warn", ...(bunOptions !== undefined && { BUN_OPTIONS: bunOptions }) };
  const server = await ServerProcess.start({ dataDirectory: directory.path, env });
  try {
    const population = new Population(server, directory.path);
    try {
      return await task(server, population);
    } finally {
      await population.close();
    }
  } finally {
    await server.stop();
    directory.remove();
  }
}

/**
 * @param only names of parts; none: all
 * @param profiles a directory for the server's CPU profile, which makes it slower
 */
export async function runChat(only: readonly string[], profiles?: string): Promise<ChatReport> {
  const wanted = new Set(parts.filter((part) => only.length === 0 || only.includes(part)));
  const machine = inspectMachine();
  const floors = [measureFloor()];
  const profiling = profiles === undefined ? undefined : `--cpu-prof --cpu-prof-dir=${profiles}`;
  const { phases, stored } = await withServer(profiling, async (server, population) => {
    const phases = await runPhases(server, population, wanted);
    return { phases, stored: await population.countMessages() };
  });
  floors.push(measureFloor());
  const online = wanted.has("idle") ? await withServer(`--preload=${collects}`, measureOnline) : undefined;
  const floor = medianFloor(floors.flatMap((each) => each ?? []));
  return {
    date: new Date().toISOString(),
    machine,
    ...(floor && { floor }),
    people: PEOPLE,
    room: ROOM,
    phases,
    storedMessages: stored,
    ...(online && { online }),
  };
}
