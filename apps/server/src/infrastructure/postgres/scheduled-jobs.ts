import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import type { JobRun, Jobs } from "../../ports/jobs.ts";

const MINUTE_MS = 60_000;
/** So much sooner than a day that no run slips to the day after. */
const DAILY_MINUTES = 23 * 60;
/** Minutes between two looks for work that is due, at most. */
const LOOK_MINUTES = 60;
/** Minutes after which a run that was not finished counts as dead with its node, at most: ten of the job's own turns. */
const LONGEST_MINUTES = 6 * 60;
const MOST_FAILURE_TEXT = 500;

export interface ScheduledJob {
  /** Stays the same for as long as the job exists. */
  readonly name: string;
  /** Default: once a day. */
  readonly everyMinutes?: number;
  /** @param signal aborted where the server stops, for what takes long */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface ScheduledJobsDeps {
  readonly db: Database;
  readonly onError: (error: unknown) => void;
}

/** Runs each job once in its time, on whichever node claims it first. A run that fails is repeated when it is due again. */
export class ScheduledJobs implements Jobs {
  readonly #deps: ScheduledJobsDeps;
  readonly #jobs: ScheduledJob[] = [];
  readonly #stopping = new AbortController();
  readonly #begun = new Set<Promise<void>>();
  readonly #timers: ReturnType<typeof setInterval>[] = [];

  constructor(deps: ScheduledJobsDeps) {
    this.#deps = deps;
  }

  /** Before the start. */
  register(jobs: readonly ScheduledJob[]): void {
    this.#jobs.push(...jobs);
  }

  start(): void {
    for (const job of this.#jobs) {
      const look = () => this.#begin(() => this.#runIfDue(job));
      this.#timers.push(setInterval(look, Math.min(turn(job), LOOK_MINUTES) * MINUTE_MS));
      look();
    }
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#stopping.abort();
    await Promise.all(this.#begun);
  }

  async runDue(): Promise<void> {
    for (const job of this.#jobs) await this.#runIfDue(job);
  }

  async #runIfDue(job: ScheduledJob): Promise<void> {
    // a timer comes a little early or late
    const due = sql`${isOver(job)} and jobs.ran_at < now() - make_interval(secs => ${turn(job) * 60 - 5})`;
    if (await this.#claim(job, due)) await this.#run(job);
  }

  #begin(work: () => Promise<void>): void {
    const begun = work()
      .catch(this.#deps.onError)
      .finally(() => this.#begun.delete(begun));
    this.#begun.add(begun);
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
    if (!(await this.#claim(job, isOver(job)))) return "running";
    this.#begin(() => this.#run(job));
    return "started";
  }

  /** A failure is told and noted; the other jobs go on. */
  async #run(job: ScheduledJob): Promise<void> {
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
  async #claim({ name }: ScheduledJob, free: RawBuilder<unknown>): Promise<boolean> {
    const { rows } = await sql`
      insert into jobs (name, ran_at) values (${name}, now())
      on conflict (name) do update set ran_at = excluded.ran_at, finished_at = null, failure = null where ${free}
      returning name
    `.execute(this.#deps.db);
    return rows.length > 0;
  }
}

const turn = ({ everyMinutes = DAILY_MINUTES }: ScheduledJob): number => everyMinutes;

/** The last run has ended, or died. */
const isOver = (job: ScheduledJob): RawBuilder<unknown> => sql`(
  jobs.finished_at is not null
  or jobs.ran_at < now() - make_interval(mins => ${Math.min(10 * turn(job), LONGEST_MINUTES)}))`;
