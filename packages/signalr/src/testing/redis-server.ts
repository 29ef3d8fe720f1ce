import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @returns whether this machine has a Redis to test with; with `CI` set its absence is an error */
export function hasRedis(): boolean {
  const found = Bun.which("redis-server") !== null;
  if (!found && process.env["CI"]) throw new Error("redis-server is missing.");
  return found;
}

/** A Redis of the test's own, on a socket of its own, that can be stopped and started. */
export async function startRedis() {
  const folder = await mkdtemp(join(tmpdir(), "signalr-redis-"));
  const path = join(folder, "redis.sock");
  const run = () =>
    Bun.spawn(["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--dir", folder], {
      stdout: "ignore",
      stderr: "inherit",
    });
  let child = run();
  const stop = async () => {
    child.kill();
    await child.exited;
  };
  return {
    path,
    stop,
    start() {
      child = run();
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}
