import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import type { JobRun, Jobs } from "../../ports/jobs.ts";

/** Milliseconds between two looks for work that is due. */
const LOOK_EVERY_MS = 60 * 60 * 1000;

/** Hours after which a run that was not finished counts as dead with its node. */
const LONGEST_HOURS = 6;
const MOST_FAILURE_TEXT = 500;

export interface DailyJob {
  /** Stays the same for as long as the job exists. */
  readonly name: string;
  /** @param signal aborted where the server stops, for what takes long */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface DailyJobsDeps {
  readonly db: Database;
  readonly onError: (error: unknown) => void;
}

/** Runs each job about once a day, on whichever node claims it first. A run that fails is repeated on the next day. */
export class DailyJobs implements Jobs {
  readonly #deps: DailyJobsDeps;
  readonly #jobs: DailyJob[] = [];
  readonly #stopping = new AbortController();
  readonly #begun = new Set<Promise<void>>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: DailyJobsDeps) {
    this.#deps = deps;
  }

  /** Before the start. */
  register(jobs: readonly DailyJob[]): void {
    this.#jobs.push(...jobs);
  }

  start(): void {
    const look = () => {
      this.#running ??= this.runDue()
        .catch(this.#deps.onError)
        .finally(() => {
          this.#running = undefined;
        });
    };
    this.#timer = setInterval(look, LOOK_EVERY_MS);
    look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#running;
    await Promise.all(this.#begun);
  }

  async runDue(): Promise<void> {
    for (const job of this.#jobs) if (await this.#claim(job, DUE)) await this.#run(job);
  }

  async list(): Promise<readonly JobRun[]> {
    const rows = await this.#deps.db.selectFrom("jobs").selectAll().execute();
    return this.#jobs.map(({ name }) => {
      const row = rows.find((each) => each.name === name);
      return {
        name,
        startedAt: row?.ran_at ?? null,
        finishedAt: row?.finished_at ?? null,
        failure: row?.failure ?? null,
      };
    });
  }

  async runNow(name: string): Promise<"started" | "running" | undefined> {
    const job = this.#jobs.find((each) => each.name === name);
    if (job === undefined) return undefined;
    if (!(await this.#claim(job, NOT_RUNNING))) return "running";
    const run = this.#run(job)
      .catch(this.#deps.onError)
      .finally(() => this.#begun.delete(run));
    this.#begun.add(run);
    return "started";
  }

  /** A failure is told and noted; the other jobs go on. */
  async #run(job: DailyJob): Promise<void> {
    let failure: string | null = null;
    try {
      await job.run(this.#stopping.signal);
    } catch (error) {
      this.#deps.onError(error);
      failure = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(
        0,
        MOST_FAILURE_TEXT,
      );
    }
    await sql`update jobs set finished_at = now(), failure = ${failure} where name = ${job.name}`.execute(
      this.#deps.db,
    );
  }

  /** One statement decides: of many nodes one gets the row. */
  async #claim({ name }: DailyJob, free: RawBuilder<unknown>): Promise<boolean> {
    const { rows } = await sql`
      insert into jobs (name, ran_at) values (${name}, now())
      on conflict (name) do update set ran_at = excluded.ran_at, finished_at = null, failure = null where ${free}
      returning name
    `.execute(this.#deps.db);
    return rows.length > 0;
  }
}

const NOT_RUNNING = sql`(jobs.finished_at is not null or jobs.ran_at < now() - make_interval(hours => ${LONGEST_HOURS}))`;
const DUE = sql`jobs.ran_at < now() - interval '23 hours'`;
