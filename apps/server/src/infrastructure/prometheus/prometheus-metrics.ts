import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "../../ports/metrics.ts";

/** Figures that are read when somebody asks for them. */
export interface MetricsSources {
  readonly connections: () => readonly { readonly hub: string; readonly transport: string; readonly count: number }[];
  /** Frames given to connections since the start, by hub. */
  readonly deliveries: () => readonly { readonly hub: string; readonly count: number }[];
  readonly pools: () => readonly { readonly pool: string; readonly running: number; readonly size: number }[];
  readonly outbox: () => Promise<{
    readonly waiting: number;
    readonly oldestSeconds: number;
    readonly retrying: number;
    readonly deadLetters: number;
  }>;
}

/** The shape of seconds: from a query in memory to what callers do not wait for any more. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

const OUTBOX_FIGURES = [
  ["waiting", "hubbub_outbox_waiting", "Events of all nodes that wait for their consumers, counted up to 10,000"],
  ["oldestSeconds", "hubbub_outbox_oldest_seconds", "Age of the oldest event that was not tried yet"],
  ["retrying", "hubbub_outbox_retrying", "Events that a consumer has failed at and that wait for another try"],
  ["deadLetters", "hubbub_dead_letters", "Events that wait for an admin"],
] as const;

/** What Prometheus reads. */
export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #requests = this.#histogram("hubbub_http_request_seconds", "Requests answered", [
    "method",
    "route",
    "status",
  ]);
  readonly #operations = this.#histogram("hubbub_operation_seconds", "Operations ended, over REST and hubs", [
    "operation",
    "outcome",
  ]);
  readonly #commits = this.#histogram("hubbub_commit_seconds", "Durable writes of conversations", ["kind"]);
  readonly #batches = new Histogram({
    name: "hubbub_commit_changes",
    help: "Callers that one durable write answers",
    labelNames: ["kind"],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers: [this.#registry],
  });
  readonly #failures = new Counter({
    name: "hubbub_outbox_failures_total",
    help: "Events that a consumer failed at",
    labelNames: ["event"],
    registers: [this.#registry],
  });
  readonly #dead = new Counter({
    name: "hubbub_outbox_dead_letters_total",
    help: "Events that were put aside here since the start",
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  requestAnswered(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method: METHODS.has(method) ? method : "other", route, status }, seconds);
  }

  operationEnded(operation: string, outcome: string, seconds: number): void {
    this.#operations.observe({ operation, outcome }, seconds);
  }

  committed(kind: "batch" | "transaction", changes: number, seconds: number): void {
    this.#commits.observe({ kind }, seconds);
    this.#batches.observe({ kind }, changes);
  }

  consumerFailed(event: string): void {
    this.#failures.inc({ event });
  }

  deadLetter(): void {
    this.#dead.inc();
  }

  watch({ connections, deliveries, pools, outbox }: MetricsSources): void {
    const registers = [this.#registry];
    new Gauge({
      name: "hubbub_connections",
      help: "Open connections",
      labelNames: ["hub", "transport"],
      registers,
      collect() {
        this.reset();
        for (const { hub, transport, count } of connections()) this.set({ hub, transport }, count);
      },
    });
    new Counter({
      name: "hubbub_deliveries_total",
      help: "Frames given to connections",
      labelNames: ["hub"],
      registers,
      collect() {
        this.reset();
        for (const { hub, count } of deliveries()) this.inc({ hub }, count);
      },
    });
    for (const figure of ["running", "size"] as const)
      new Gauge({
        name: `hubbub_database_pool_${figure}`,
        help: figure === "running" ? "Queries under way or waiting for a connection" : "Most connections of the pool",
        labelNames: ["pool"],
        registers,
        collect() {
          for (const each of pools()) this.set({ pool: each.pool }, each[figure]);
        },
      });
    this.#watchOutbox(outbox);
  }

  async render(): Promise<Response> {
    return new Response(await this.#registry.metrics(), { headers: { "content-type": this.#registry.contentType } });
  }

  /** One query for all four, which are read side by side; no figures while the database is away. */
  #watchOutbox(outbox: MetricsSources["outbox"]): void {
    let reading: ReturnType<typeof outbox> | undefined;
    const read = () => {
      reading ??= outbox().finally(() => {
        reading = undefined;
      });
      return reading;
    };
    for (const [figure, name, help] of OUTBOX_FIGURES)
      new Gauge({
        name,
        help,
        registers: [this.#registry],
        async collect() {
          const figures = await read().catch(() => undefined);
          this.set(figures?.[figure] ?? Number.NaN);
        },
      });
  }

  #histogram<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Histogram<Label> {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets: SECONDS, registers: [this.#registry] });
  }
}
