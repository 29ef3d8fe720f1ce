import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { openConnections } from "../src/infrastructure/postgres/database.ts";
import { createTestDatabase } from "../src/testing/database.ts";
import { freePort, type ServerOptions, ServerProcess, temporaryDirectory } from "../src/testing/server-process.ts";

setDefaultTimeout(30_000);

const isRoot = process.getuid?.() === 0;
const onLinux = process.platform === "linux";

const cleanUps: (() => Promise<unknown>)[] = [];

const used = temporaryDirectory();

beforeAll(async () => {
  await (await ServerProcess.start({ dataDirectory: used.path })).stop();
});

afterAll(() => used.remove());

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function newDirectory(): string {
  const directory = temporaryDirectory();
  cleanUps.push(async () => directory.remove());
  return directory.path;
}

/** A copy of a data directory that a server has made and left, as every later start finds one. */
function usedDirectory(): string {
  const directory = newDirectory();
  const { exitCode } = Bun.spawnSync(["cp", "-a", `${used.path}/.`, directory]);
  expect(exitCode).toBe(0);
  return directory;
}

/** Starts a server that the test's end stops. */
async function start(options: ServerOptions): Promise<ServerProcess> {
  const server = new ServerProcess(options);
  cleanUps.push(() => server.stop());
  await server.url;
  return server;
}

/** What a server that must not start says, after checking that it is one line and that it exits with code 1. */
async function refusal(options: ServerOptions): Promise<string> {
  const server = new ServerProcess(options);
  const { code, error } = await server.ended();
  expect(error).toMatch(/^Hubbub cannot start\. [^\n]+\n$/);
  expect(code).toBe(1);
  return error;
}

async function readiness(server: ServerProcess): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${await server.url}/health/ready`);
  return { status: response.status, body: await response.json() };
}

async function becomesReady(server: ServerProcess, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  while ((await readiness(server)).status !== 200) {
    if (performance.now() > until) throw new Error(`Not ready after ${milliseconds} ms`);
    await Bun.sleep(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

async function ends(pid: number, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  while (isAlive(pid)) {
    if (performance.now() > until) throw new Error(`Process ${pid} lives after ${milliseconds} ms`);
    await Bun.sleep(10);
  }
}

/** Sockets of TCP that are in the state LISTEN (0A), by inode. */
function listeningSockets(): ReadonlySet<string> {
  const lines = ["tcp", "tcp6"].flatMap((name) =>
    readFileSync(`/proc/net/${name}`, "utf8").trim().split("\n").slice(1),
  );
  const fields = lines.map((line) => line.trim().split(/\s+/));
  return new Set(fields.filter((each) => each[3] === "0A").map((each) => `socket:[${each[9]}]`));
}

function openSockets(pid: number): readonly string[] {
  const directory = `/proc/${pid}/fd`;
  return readdirSync(directory).map((name) => readlinkSync(join(directory, name), "utf8"));
}

describe("first and later starts", () => {
  for (const [locale, env] of [
    ["LANG unset", {}],
    ["LANG=C", { LANG: "C", LC_ALL: "C" }],
  ] as const) {
    test(`with ${locale} the database holds every text and compares it without regard to case`, async () => {
      const server = await start({ dataDirectory: newDirectory(), env });
      const sql = openConnections(server.databaseUrl, 1);
      await sql`create table title (text text)`;
      await sql`insert into title values (${"É 👋"})`;
      expect(await sql`select text from title where text ilike 'é%'`.values()).toEqual([["É 👋"]]);
      await sql.close();
    });
  }

  test("what the first start made, the later start serves; SIGTERM ends both cleanly with code 0", async () => {
    const dataDirectory = newDirectory();
    const began = performance.now();
    const first = await start({ dataDirectory });
    const firstTook = performance.now() - began;
    expect((await fetch(`${await first.url}/health/live`)).status).toBe(200);
    expect(await readiness(first)).toEqual({ status: 200, body: { status: "ready" } });
    const postgres = first.postgresPid ?? 0;
    const key = readFileSync(join(dataDirectory, "secret.key"), "utf8");
    expect(statSync(join(dataDirectory, "secret.key")).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDirectory, "postgres")).mode & 0o777).toBe(0o700);
    expect(await first.stop()).toEqual({ code: 0, error: "" });
    expect(isAlive(postgres)).toBe(false);
    expect(existsSync(join(dataDirectory, "postgres", "postmaster.pid"))).toBe(false);

    const again = performance.now();
    const later = await start({ dataDirectory });
    // Limits of what is promised, not what it takes.
    expect(firstTook).toBeLessThan(20_000);
    expect(performance.now() - again).toBeLessThan(2_000);
    expect(readFileSync(join(dataDirectory, "secret.key"), "utf8")).toBe(key);
    later.kill("SIGINT");
    expect(await later.ended()).toEqual({ code: 0, error: "" });
  });

  test.skipIf(!onLinux)("PostgreSQL listens on no TCP port, and Ctrl-C does not reach it", async () => {
    const server = await start({ dataDirectory: usedDirectory() });
    const listening = listeningSockets();
    expect(openSockets(server.pid).filter((socket) => listening.has(socket))).toHaveLength(1);
    const postgres = server.postgresPid ?? 0;
    expect(openSockets(postgres).filter((socket) => listening.has(socket))).toEqual([]);
    const session = readFileSync(`/proc/${postgres}/stat`, "utf8").split(") ")[1]?.split(" ")[3];
    expect(session).toBe(String(postgres));
  });

  test("a data directory too deep for a socket is served all the same, and so is one behind a link", async () => {
    const base = newDirectory();
    chmodSync(base, 0o755);
    const deep = join(base, "d".repeat(80), "e".repeat(80));
    mkdirSync(join(deep, ".."));
    symlinkSync(join(deep, ".."), join(base, "link"));
    const server = await start({ dataDirectory: deep });
    const socket = new URL(server.databaseUrl).searchParams.get("path") ?? "";
    expect(statSync(join(socket, "..")).mode & 0o777).toBe(0o700);
    await server.stop();
    expect(existsSync(join(socket, ".."))).toBe(false);
    await start({ dataDirectory: join(base, "link", "e".repeat(80)) });
  });
});

describe("what stops a start", () => {
  test("a second server on the same data directory, while the first serves on", async () => {
    const dataDirectory = usedDirectory();
    const first = await start({ dataDirectory });
    expect(await refusal({ dataDirectory })).toContain(`Another Hubbub server is using the data directory`);
    expect((await readiness(first)).status).toBe(200);
  });

  test("a taken port, and PostgreSQL is stopped again", async () => {
    const dataDirectory = usedDirectory();
    // would share it, as a second server of ours with the same runtime's defaults
    const other = Bun.serve({ port: 0, hostname: "127.0.0.1", reusePort: true, fetch: () => new Response() });
    cleanUps.push(() => other.stop(true));
    const error = await refusal({ dataDirectory, env: { PORT: String(other.port) } });
    expect(error).toContain(`Port ${other.port} on 127.0.0.1 is taken`);
    expect(existsSync(join(dataDirectory, "postgres", "postmaster.pid"))).toBe(false);
  });

  test("a bad setting, an unknown one, and an address this machine does not have", async () => {
    const dataDirectory = usedDirectory();
    expect(await refusal({ env: { PORT: "eighty" } })).toContain("PORT: expected a whole number");
    expect(await refusal({ env: { HUBBUB_DATADIR: "x" } })).toContain("HUBBUB_DATADIR: there is no such setting");
    expect(await refusal({ dataDirectory, env: { HOST: "192.0.2.1" } })).toContain("192.0.2.1");
  });

  test("a data directory that is a file, or lies in one", async () => {
    const base = newDirectory();
    chmodSync(base, 0o755);
    const file = join(base, "file");
    writeFileSync(file, "");
    expect(await refusal({ dataDirectory: file })).toContain(`The data directory ${file} is a file.`);
    expect(await refusal({ dataDirectory: join(file, "below") })).toContain(
      `The data directory ${file}/below cannot be made: `,
    );
  });

  test("a data directory closed to writing", async () => {
    const dataDirectory = newDirectory();
    chmodSync(dataDirectory, 0o555);
    expect(await refusal({ dataDirectory })).toContain(`The data directory ${dataDirectory}`);
    expect(readdirSync(dataDirectory)).toEqual([]);
  });

  test.skipIf(!isRoot)("as root, a data directory named below one that PostgreSQL's user may not enter", async () => {
    const closed = newDirectory(); // mode 0700
    const error = await refusal({ dataDirectory: join(closed, "data") });
    expect(error).toContain(`who may not enter ${closed}`);
    expect(readdirSync(closed)).toEqual([]);
  });

  test("another secret key than the one the database was set up with", async () => {
    const dataDirectory = usedDirectory();
    const secret = "another secret key of enough bytes";
    const error = await refusal({ dataDirectory, env: { HUBBUB_SECRET_KEY: secret } });
    expect(error).toContain("The secret key is not the one");
    expect(error).not.toContain(secret);
    rmSync(join(dataDirectory, "secret.key"));
    expect(await refusal({ dataDirectory })).toContain("The secret key is not the one");
  });

  test("a DATABASE_URL that refuses us, without its password", async () => {
    const database = await createTestDatabase({ empty: true });
    cleanUps.push(() => database.drop());
    const url = new URL(database.url);
    url.pathname = "/absent";
    url.password = "sesame";
    const error = await refusal({ dataDirectory: newDirectory(), env: { DATABASE_URL: url.href } });
    expect(error).toContain('database "absent" does not exist');
    expect(error).not.toContain("sesame");
  });
});

describe("as another user", () => {
  test.skipIf(!isRoot)("a default directory that PostgreSQL's user cannot reach is replaced, and told", async () => {
    const closed = newDirectory(); // mode 0700
    const server = await start({ cwd: closed });
    const path = /Data is kept in (\S+):/.exec(server.output)?.[1] ?? "";
    expect(path).toStartWith("/var/lib/hubbub/");
    expect(readdirSync(closed)).toEqual([]);
    await server.stop();
    rmSync(path, { recursive: true });
  });

  test.skipIf(!isRoot || !onLinux)(
    "a server that is not root runs PostgreSQL as itself; root takes it over",
    async () => {
      const dataDirectory = newDirectory();
      const nobody = 65_534;
      chownSync(dataDirectory, nobody, nobody);
      const prefix = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
      const server = await start({ dataDirectory, prefix, cwd: "/", env: { HOME: dataDirectory } });
      expect(statSync(`/proc/${server.postgresPid}`).uid).toBe(nobody);
      await server.stop();
      const asRoot = await start({ dataDirectory });
      expect(statSync(`/proc/${asRoot.postgresPid}`).uid).toBe(nobody);
    },
  );
});

describe("kill -9", () => {
  test("of the server: PostgreSQL ends by itself, and the next start serves", async () => {
    const dataDirectory = usedDirectory();
    const first = await start({ dataDirectory });
    const postgres = first.postgresPid ?? 0;
    first.kill("SIGKILL");
    await first.ended();
    if (onLinux) await ends(postgres, 5_000);
    const next = await start({ dataDirectory });
    expect((await readiness(next)).status).toBe(200);
  });

  test("of the server, and started again at once at the same address", async () => {
    const dataDirectory = usedDirectory();
    const env = { PORT: String(await freePort()) };
    const first = await start({ dataDirectory, env });
    first.kill("SIGKILL");
    const next = await start({ dataDirectory, env });
    expect((await readiness(next)).status).toBe(200);
  });

  test("of PostgreSQL: the server says so, starts it again, and serves within ten seconds", async () => {
    const server = await start({ dataDirectory: usedDirectory() });
    const postgres = server.postgresPid ?? 0;
    process.kill(postgres, "SIGKILL");
    await ends(postgres, 1_000);
    expect(await readiness(server)).toEqual({ status: 503, body: { status: "unavailable", failing: ["postgres"] } });
    await becomesReady(server, 10_000);
    expect(server.postgresPid).not.toBe(postgres);
    expect((await server.stop()).code).toBe(0);
  });

  test("of both, with a query still running: the next start serves within ten seconds", async () => {
    const dataDirectory = usedDirectory();
    const first = await start({ dataDirectory });
    const sql = openConnections(first.databaseUrl, 1);
    const busy = sql`select count(*) from generate_series(1, 100000000000)`.catch(() => undefined);
    await Bun.sleep(100);
    process.kill(first.postgresPid ?? 0, "SIGKILL");
    first.kill("SIGKILL");
    await first.ended();
    const began = performance.now();
    const next = await start({ dataDirectory });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect((await readiness(next)).status).toBe(200);
    await busy;
    await sql.close();
  });

  test("in the middle of the first start leaves nothing that stops the next", async () => {
    const dataDirectory = newDirectory();
    for (const delay of [60, 150, 300, 450]) {
      const cut = new ServerProcess({ dataDirectory });
      await Bun.sleep(delay);
      cut.kill("SIGKILL");
      await cut.ended();
    }
    const server = await start({ dataDirectory });
    expect((await readiness(server)).status).toBe(200);
    expect(readdirSync(dataDirectory).filter((name) => name.includes("unfinished"))).toEqual([]);
  });

  test("a process id left behind that belongs to somebody else does not stop a start", async () => {
    const dataDirectory = usedDirectory();
    const mark = join(dataDirectory, "postgres", "postmaster.pid");
    writeFileSync(mark, `${process.pid}\n${join(dataDirectory, "postgres")}\n1\n5432\n/tmp\n\n 1 1\nready\n`);
    const server = await start({ dataDirectory });
    expect((await readiness(server)).status).toBe(200);
  });
});

test("several servers share one DATABASE_URL, started at once", async () => {
  const database = await createTestDatabase({ empty: true });
  cleanUps.push(() => database.drop());
  const env = { DATABASE_URL: database.url, HUBBUB_SECRET_KEY: "one secret key for all, of enough bytes" };
  const servers = await Promise.all([1, 2, 3].map(() => start({ env, cwd: newDirectory() })));
  for (const server of servers) {
    expect((await readiness(server)).status).toBe(200);
    expect(await server.stop()).toEqual({ code: 0, error: "" });
  }
});
