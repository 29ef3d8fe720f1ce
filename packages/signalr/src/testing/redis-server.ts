import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Redis of the test's own, on a socket of its own, that can be stopped and started, frozen and thawed. */
export interface TestRedis extends AsyncDisposable {
  /** Of its Unix socket. */
  readonly path: string;
  stop(): Promise<void>;
  /** Does not wait until it takes connections. */
  start(): void;
  /** From now on it takes connections and commands and does nothing with them. */
  freeze(): void;
  thaw(): void;
}

/**
 * @param program path of `redis-server`
 * @param options further ones of its command line
 */
export async function startRedis(program: string, options: readonly string[] = []): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), "signalr-redis-"));
  const path = join(folder, "redis.sock");
  const command = [program, "--port", "0", "--unixsocket", path, "--save", "", "--dir", folder, ...options];
  const run = () => Bun.spawn(command, { stdout: "ignore", stderr: "inherit" });
  let child = run();
  const stop = async () => {
    child.kill("SIGKILL");
    await child.exited;
  };
  return {
    path,
    stop,
    start() {
      child = run();
    },
    freeze: () => child.kill("SIGSTOP"),
    thaw: () => child.kill("SIGCONT"),
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}
