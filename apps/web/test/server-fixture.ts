import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const repository = join(import.meta.dirname, "../../..");
const bun = join(repository, "node_modules/.bin/bun");
/** A first start makes a database; milliseconds. */
const startWithin = 60_000;

export interface TestServer {
  readonly url: string;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  /** Ends it, and its data. */
  stop(): Promise<void>;
}

/** The real server with the real page, on a free port and a folder of its own. */
export async function startServer(): Promise<TestServer> {
  execFileSync(bun, ["scripts/build-web.ts"], { cwd: repository, stdio: "inherit" });
  const data = mkdtempSync(join(tmpdir(), "hubbub-web-"));
  // PostgreSQL runs as a user of its own where this runs as root, and must get through.
  chmodSync(data, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let running = await launch(port, data);
  return {
    url,
    async kill() {
      await end(running, "SIGKILL");
    },
    async start() {
      running = await launch(port, data);
    },
    async stop() {
      await end(running, "SIGTERM");
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("No free port");
  return address.port;
}

async function launch(port: number, data: string): Promise<ChildProcess> {
  const server = spawn(bun, ["apps/server/src/main.ts"], {
    cwd: repository,
    env: { ...process.env, HOST: "127.0.0.1", PORT: `${port}`, HUBBUB_DATA_DIR: join(data, "data") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  server.stdout.on("data", (chunk) => {
    output += chunk;
  });
  server.stderr.on("data", (chunk) => {
    output += chunk;
  });
  for (const end = Date.now() + startWithin; ; ) {
    if (await isReady(port)) return server;
    if (server.exitCode !== null || Date.now() > end) throw new Error(`The server did not start:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const { ok } = await fetch(`http://127.0.0.1:${port}/health/ready`);
    return ok;
  } catch {
    return false;
  }
}

async function end(server: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, "exit");
  server.kill(signal);
  await exited;
}
