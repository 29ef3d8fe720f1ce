import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface OwnServer {
  readonly url: string;
  /** Ends the server as an operator would, and removes its data. */
  stop(): Promise<void>;
}

const mainFile = join(import.meta.dir, "../../../apps/server/src/main.ts");
/** Milliseconds. */
const startPatience = 60_000;
const stopPatience = 20_000;

/** The settings of whoever runs this are not the server's. */
const settings = /^(HUBBUB|DATABASE|REDIS|KAFKA|S3|GOOGLE|OIDC|SMTP|TLS)_(?!TEST_)/;
const environment = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !settings.test(variable)));

/**
 * Starts the server of this repository on a free port of the loopback address and on an empty data directory.
 * @throws with the end of the server's log when it is not ready within 60 s
 */
export async function startOwnServer(): Promise<OwnServer> {
  const directory = await mkdtemp(join(tmpdir(), "hubbub-"));
  // PostgreSQL may run as another user than root and must be able to reach its data.
  await chmod(directory, 0o755);
  const log = join(directory, "server.log");
  const server = Bun.spawn(["sh", "-c", 'exec "$0" "$1" >server.log 2>&1', process.execPath, mainFile], {
    cwd: directory,
    env: { ...environment, HOST: "127.0.0.1", PORT: "0", HUBBUB_DATA_DIR: join(directory, "data") },
    stdio: ["ignore", "ignore", "ignore"],
  });

  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    const timer = setTimeout(() => server.kill("SIGKILL"), stopPatience);
    await server.exited;
    clearTimeout(timer);
    await rm(directory, { recursive: true, force: true });
  };

  const deadline = Date.now() + startPatience;
  for (;;) {
    const said = await readFile(log, "utf8").catch(() => "");
    const url = /ready at (http\S+)/.exec(said)?.[1];
    if (url !== undefined && (await fetch(`${url}/health/ready`)).ok) return { url, stop };
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`The server did not become ready:\n${said.trim().slice(-2_000)}`);
    }
    await Bun.sleep(50);
  }
}
