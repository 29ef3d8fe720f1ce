import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";

/** A server of a cluster of the test's own. */
export interface ClusterServer {
  readonly port: number;
  /** Its name in the cluster. */
  readonly id: string;
  readonly client: Redis;
}

/** Two servers, each with half of the slots. */
export interface TestCluster extends AsyncDisposable {
  readonly servers: readonly [ClusterServer, ClusterServer];
}

const lastSlot = 16_383;

/** @param program path of `redis-server`, 7 or newer */
export async function startRedisCluster(program: string): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), "signalr-cluster-"));
  const [port, bus, otherPort, otherBus] = await freePorts(4);
  if (port === undefined || bus === undefined || otherPort === undefined || otherBus === undefined) {
    throw new Error("Unreachable: four ports were asked for.");
  }
  const run = (own: number, ownBus: number) =>
    Bun.spawn(
      [program, "--port", String(own), "--cluster-port", String(ownBus), "--bind", "127.0.0.1", "--save", ""].concat([
        "--dir",
        folder,
        "--cluster-enabled",
        "yes",
        "--cluster-config-file",
        `${own}.conf`,
      ]),
      { stdout: "ignore", stderr: "inherit" },
    );
  const children = [run(port, bus), run(otherPort, otherBus)];
  const servers = [await reach(port), await reach(otherPort)] as const;
  const [first, second] = servers;
  await first.client.call("CLUSTER", "ADDSLOTSRANGE", 0, lastSlot >> 1);
  await second.client.call("CLUSTER", "ADDSLOTSRANGE", (lastSlot >> 1) + 1, lastSlot);
  await first.client.call("CLUSTER", "MEET", "127.0.0.1", otherPort, otherBus);
  for (const { client } of servers) {
    while (!String(await client.cluster("INFO")).includes("cluster_slots_ok:16384")) await Bun.sleep(20);
    while (!String(await client.cluster("INFO")).includes("cluster_state:ok")) await Bun.sleep(20);
  }
  return {
    servers,
    async [Symbol.asyncDispose]() {
      for (const { client } of servers) client.disconnect();
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(children.map(({ exited }) => exited));
      await rm(folder, { recursive: true });
    },
  };
}

async function reach(port: number): Promise<ClusterServer> {
  const client = new Redis({ port, retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on("error", () => undefined);
  return { port, client, id: String(await client.cluster("MYID")) };
}

/** Nobody holds them for the servers, so another process might take one in between: unlikely, and then the start fails. */
async function freePorts(count: number): Promise<number[]> {
  const listeners = await Promise.all(
    Array.from({ length: count }, async () => {
      const listener = createServer();
      await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
      return listener;
    }),
  );
  return listeners.map((listener) => {
    const address = listener.address();
    listener.close();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
}
