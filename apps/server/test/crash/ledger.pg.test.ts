import { afterAll, afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { HubbubError } from "@hubbub/client";
import { type ConversationId, operations } from "@hubbub/contract";
import { seededRandom, testSeed } from "../../src/testing/seeded-random.ts";
import { freePort, ServerProcess, temporaryDirectory } from "../../src/testing/server-process.ts";
import { keepFounding, keepInviting } from "./guest.ts";
import type { Acknowledgement, Entry } from "./ledger.ts";
import type { LogReader } from "./log-reader.ts";
import type { Person } from "./person.ts";
import { postgresProcesses, signalAll } from "./postgres-processes.ts";
import { deliverInsistently, keepSending, type Sender } from "./senders.ts";
import { closeWorld, disagreements, openWorld, type World } from "./world.ts";

setDefaultTimeout(30_000);

/** Milliseconds within which the server must serve again, and in which all clients must then be equal to it. */
const SERVE_AGAIN_MS = 20_000;
const CONVERGE_MS = 20_000;

const onLinux = process.platform === "linux";
const random = seededRandom(testSeed());
const directory = temporaryDirectory();
let port: number;
let server: ServerProcess;
let world: World;
let worlds = 0;

const startServer = (): Promise<ServerProcess> =>
  ServerProcess.start({ dataDirectory: directory.path, env: { PORT: String(port), LOG_LEVEL: "warn" } });

function postgresPid(): number {
  const pid = server.postgresPid;
  if (pid === undefined) throw new Error("There is no PostgreSQL to kill");
  return pid;
}

beforeAll(async () => {
  port = await freePort();
  server = await startServer();
});

afterAll(async () => {
  await server.stop(); // with its PostgreSQL, before its directory goes
  directory.remove();
});

beforeEach(begin);
afterEach(() => closeWorld(world));

async function begin(): Promise<void> {
  world = await openWorld(await server.url, ++worlds);
}

function anyConversation(): ConversationId {
  return world.conversations[Math.floor(random() * world.conversations.length)] ?? world.visited;
}

async function byHub(
  { connection }: LogReader,
  { conversationId, clientMessageId, text }: Entry,
): Promise<Acknowledgement> {
  const answer: unknown = await connection
    .invoke("SendMessage", { conversationId, clientMessageId, text })
    .catch((error: unknown) => {
      throw HubbubError.fromHub(error);
    });
  const { messageId, seq, pts } = receipt.parse(answer);
  return { messageId, seq, pts };
}

const receipt = operations.sendMessage.hub.output;

async function byRest({ api }: Person, { conversationId, clientMessageId, text }: Entry): Promise<Acknowledgement> {
  const { message } = await api.call("sendMessage", { conversationId, clientMessageId, text });
  return { messageId: message.id, seq: message.seq, pts: message.pts };
}

/** Of each person four hub calls and one by REST at a time. */
const senders = (): Sender[] =>
  world.readers.flatMap((reader) => {
    const { person } = reader;
    const hub = (entry: Entry) => timed(() => byHub(reader, entry));
    const rest = (entry: Entry) => timed(() => byRest(person, entry));
    return [hub, hub, hub, hub, rest].map((deliver) => ({
      senderId: person.user.id,
      deliver,
      conversation: anyConversation,
    }));
  });

/** Milliseconds of the slowest attempt to send. */
let slowest = 0;

async function timed<T>(work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    slowest = Math.max(slowest, performance.now() - began);
  }
}

/** Everyone sends; in the middle something happens; afterwards all goes on for a while. @returns what happened */
async function amid<T>(fault: () => Promise<T>): Promise<T> {
  let over = false;
  const isOver = () => over;
  const { ledger, owner, visited, devices } = world;
  const guestId = world.guest.person.user.id;
  const everything = Promise.all([
    ...senders().map((sender) => keepSending(ledger, sender, isOver)),
    ...devices.map((device) => device.keepReading(anyConversation, random, isOver)),
    keepInviting({ host: owner, guest: guestId, conversationId: visited }, isOver),
    keepFounding(owner, guestId, isOver),
  ]);
  const happened = (async () => {
    await Bun.sleep(200 + random() * 400);
    const result = await fault();
    await Bun.sleep(300);
    return result;
  })().finally(() => {
    over = true;
  });
  const [result] = await Promise.all([happened, everything]);
  return result;
}

/** Sends one more message until it is acknowledged. @returns milliseconds that it took to serve again */
async function servesAgain(since: number): Promise<number> {
  const { ledger, owner, visited } = world;
  const entry = ledger.begin(visited, owner.user.id);
  await deliverInsistently(entry, (each) => byRest(owner, each));
  const took = performance.now() - since;
  expect(took).toBeLessThan(SERVE_AGAIN_MS);
  return took;
}

async function agree(): Promise<void> {
  const until = performance.now() + CONVERGE_MS;
  world.slow.link.hurry();
  for (;;) {
    // as people do who will not wait
    world.guest.store.reconnect();
    for (const device of world.devices) device.reconnect();
    const faults = await disagreements(world);
    if (faults.length === 0) return;
    if (performance.now() > until) throw new Error(faults.slice(0, 10).join("\n"));
    await Bun.sleep(100);
  }
}

function report(what: string, milliseconds: number): void {
  const { ledger } = world;
  process.stdout.write(
    `${what}: served again after ${Math.round(milliseconds)} ms; ${ledger.acknowledged} acknowledged, ${ledger.repeated} repeated\n`,
  );
}

async function killServer(): Promise<number> {
  server.kill("SIGKILL");
  const since = performance.now();
  await server.ended();
  server = await startServer();
  return servesAgain(since);
}

async function killPostmaster(): Promise<number> {
  const postmaster = postgresPid();
  process.kill(postmaster, "SIGKILL");
  const since = performance.now();
  // its processes outlive it for a moment, and serve
  while ((server.postgresPid ?? postmaster) === postmaster) await Bun.sleep(5);
  return servesAgain(since);
}

test("kill -9 of the server", async () => {
  report("server", await amid(killServer));
  await agree();
});

test("kill -9 of PostgreSQL", async () => {
  report("PostgreSQL", await amid(killPostmaster));
  await agree();
});

test("kill -9 of PostgreSQL, and again as soon as it is back", async () => {
  const took = await amid(async () => {
    await killPostmaster();
    return killPostmaster();
  });
  report("PostgreSQL twice", took);
  await agree();
});

test.if(onLinux)("kill -9 of one of PostgreSQL's processes, which makes it begin anew", async () => {
  const took = await amid(() => {
    process.kill(postgresProcesses(postgresPid()).at(-1) ?? 0, "SIGKILL");
    return servesAgain(performance.now());
  });
  report("a process of PostgreSQL", took);
  await agree();
});

test("kill -9 of both", async () => {
  const took = await amid(() => {
    process.kill(postgresPid(), "SIGKILL");
    return killServer();
  });
  report("both", took);
  await agree();
});

test("SIGTERM while PostgreSQL is gone: the exit code is 0 all the same", async () => {
  const took = await amid(async () => {
    process.kill(postgresPid(), "SIGKILL");
    const since = performance.now();
    expect((await server.stop()).code).toBe(0);
    server = await startServer();
    return servesAgain(since);
  });
  report("SIGTERM without PostgreSQL", took);
  await agree();
});

test("SIGTERM: the clients are asked to come back, and the exit code is 0", async () => {
  const took = await amid(async () => {
    const since = performance.now();
    expect(await server.stop()).toEqual({ code: 0, error: "" });
    server = await startServer();
    return servesAgain(since);
  });
  report("SIGTERM", took);
  for (const { losses } of world.readers) expect(losses[0]?.message).toBeUndefined();
  await agree();
});

/** Milliseconds for which PostgreSQL is frozen; from some 8 s on callers are told that it is unavailable. */
const FREEZE_MS = process.env["HUBBUB_TEST_LONG"] ? 12_000 : 2_000;
/** Milliseconds in which everyone who asks something has an answer. */
const ANSWER_MS = 10_500;

test.if(onLinux)("a frozen PostgreSQL: callers hear in bounded time, and all goes on", async () => {
  slowest = 0;
  const took = await amid(async () => {
    const processes = postgresProcesses(postgresPid());
    signalAll(processes, "SIGSTOP");
    try {
      await Bun.sleep(FREEZE_MS);
    } finally {
      signalAll(processes, "SIGCONT");
    }
    return servesAgain(performance.now());
  });
  report(`frozen for ${FREEZE_MS} ms, slowest answer ${Math.round(slowest)} ms`, took);
  expect(slowest).toBeLessThan(ANSWER_MS);
  await agree();
});

/** Seeded faults one after another; a build machine takes 50, and 300 are for a long look: docs/reliability.md. */
const RUNS = Number(process.env["LEDGER_RUNS"] ?? (process.env["CI"] ? 50 : 10));

/** Everything at once that a bad minute has. */
const faults: Readonly<Record<string, () => Promise<number>>> = {
  server: killServer,
  PostgreSQL: killPostmaster,
  both: () => {
    process.kill(postgresPid(), "SIGKILL");
    return killServer();
  },
  "a process of PostgreSQL": () => {
    process.kill(postgresProcesses(postgresPid()).at(-1) ?? postgresPid(), "SIGKILL");
    return servesAgain(performance.now());
  },
  SIGTERM: async () => {
    await server.stop();
    const since = performance.now();
    server = await startServer();
    return servesAgain(since);
  },
};

test(
  `[L1] [L5] [L6] [L22] [L23] in ${RUNS} seeded runs of random faults nothing acknowledged is lost, doubled or reordered, and every device ends as the database is`,
  async () => {
    const names = Object.keys(faults);
    for (let run = 0; run < RUNS; run++) {
      if (run > 0) {
        await closeWorld(world);
        await begin();
      }
      const name = names[Math.floor(random() * names.length)] ?? "server";
      const fault = faults[name] ?? killServer;
      report(`run ${run + 1}, ${name}`, await amid(fault));
      await agree();
    }
  },
  RUNS * 20_000,
);
