import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface RunningServer {
  /** The same after every start. */
  readonly url: string;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. @throws with the end of its log when it is not ready within 60 s */
  start(): Promise<void>;
  /** Ends it as an operator would, and removes its data. */
  stop(): Promise<void>;
}

/** By the names of `.env.example`. */
export type Settings = Readonly<Record<string, string>>;

const repository = join(import.meta.dirname, "../../..");
const bun = join(repository, "node_modules/.bin/bun");
/** Milliseconds. */
const startPatience = 60_000;
const stopPatience = 20_000;

/** The settings of whoever runs this are not the server's. */
const settings = /^(HUBBUB|DATABASE|REDIS|KAFKA|S3|GOOGLE|OIDC|SMTP|TLS)_(?!TEST_)/;
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.test(name)));

/**
 * Starts the server of this repository on a free port of the loopback address and on an empty data directory.
 * Runs under Bun and under Node.
 * @param settingsFor the settings of a server at this address, over the defaults
 * @throws with the end of its log when it is not ready within 60 s
 */
export async function runServer(settingsFor: (url: string) => Settings = () => ({})): Promise<RunningServer> {
  const directory = await mkdtemp(join(tmpdir(), "hubbub-"));
  // PostgreSQL may run as another user than root and must be able to reach its data.
  await chmod(directory, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let running: ChildProcess | undefined;
  const server: RunningServer = {
    url,
    async start() {
      running = await launch(port, join(directory, "data"), settingsFor(url));
    },
    async kill() {
      await end(running, "SIGKILL");
    },
    async stop() {
      await end(running, "SIGTERM");
      await rm(directory, { recursive: true, force: true });
    },
  };
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("No free port");
  return address.port;
}

async function launch(port: number, dataDirectory: string, given: Settings): Promise<ChildProcess> {
  const server = spawn(bun, ["apps/server/src/main.ts"], {
    cwd: repository,
    env: {
      ...environment,
      ...{ HOST: "127.0.0.1", PORT: String(port), HUBBUB_DATA_DIR: dataDirectory },
      HUBBUB_LIMITS: "off", // a suite or a replay does in a second what people do in an hour
      ...given,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const output of [server.stdout, server.stderr])
    output.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-2_000);
    });
  for (const deadline = Date.now() + startPatience; ; ) {
    if (await isReady(port)) return server;
    if (hasEnded(server) || Date.now() > deadline) {
      await end(server, "SIGKILL");
      throw new Error(`The server did not become ready:\n${log.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
  } catch {
    return false;
  }
}

function hasEnded(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null;
}

async function end(server: ChildProcess | undefined, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (server === undefined || hasEnded(server)) return;
  const ended = once(server, "exit");
  server.kill(signal);
  const timer = setTimeout(() => server.kill("SIGKILL"), stopPatience);
  await ended;
  clearTimeout(timer);
}
