import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

/** Milliseconds between two echoes, asked for whether or not the one before is back. */
const interval = 5;

export interface Latency {
  readonly echoes: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** A client that does nothing wrong, to see what it notices of those who do. */
export async function openEchoClient(address: string) {
  const client = new HubConnectionBuilder()
    .withUrl(`${address}/hostile`, HttpTransportType.WebSockets)
    .configureLogging(LogLevel.None)
    .build();
  client.keepAliveIntervalInMilliseconds = 500;
  await client.start();
  return {
    /** Measures until the promise is settled. @throws when an echo fails */
    async measureDuring(task: Promise<unknown>): Promise<Latency> {
      const latencies: number[] = [];
      const echoes: Promise<void>[] = [];
      let failure: Error | null = null;
      let over = false;
      const end = () => {
        over = true;
      };
      void task.then(end, end);
      while (!over) {
        const start = performance.now();
        echoes.push(
          client.invoke("Echo", "alive").then(
            () => void latencies.push(performance.now() - start),
            (error) => {
              failure = error;
              end();
            },
          ),
        );
        await Bun.sleep(interval);
      }
      await Promise.all(echoes);
      if (failure !== null) throw failure;
      latencies.sort((a, b) => a - b);
      const quantile = (share: number) => latencies[Math.ceil(latencies.length * share) - 1] ?? Number.NaN;
      return { echoes: latencies.length, p50: quantile(0.5), p99: quantile(0.99) };
    },
    stop: () => client.stop(),
  };
}

export type EchoClient = Awaited<ReturnType<typeof openEchoClient>>;
