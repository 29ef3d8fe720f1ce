import type { SignalR } from "@hubbub/signalr";
import type { Parts } from "./parts.ts";
import type { Storage } from "./storage.ts";

/** Tells the metrics where to read what is the case at a moment. */
export function watchUsage({ metrics, outbox }: Parts, { database }: Storage, signalr: SignalR): void {
  metrics.watch({
    connections: () =>
      signalr
        .usage()
        .flatMap(({ path, connections }) =>
          [...connections].map(([transport, count]) => ({ hub: path, transport, count })),
        ),
    deliveries: () => signalr.usage().map(({ path, deliveries }) => ({ hub: path, count: deliveries })),
    pools: () =>
      (["writer", "reads", "slow"] as const).map((pool) => {
        const { load, size } = database[pool];
        return { pool, running: load.running, size };
      }),
    outbox: () => outbox.statistics(),
  });
}
