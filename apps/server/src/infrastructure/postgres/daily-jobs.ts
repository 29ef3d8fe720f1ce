import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";

/** Milliseconds between two looks for work that is due. */
const LOOK_EVERY_MS = 60 * 60 * 1000;

export interface DailyJob {
  /** Stays the same for as long as the job exists. */
  readonly name: string;
  readonly run: () => Promise<void>;
}

export interface DailyJobsDeps {
  readonly db: Database;
  readonly jobs: readonly DailyJob[];
  readonly onError: (error: unknown) => void;
}

/** Runs each job about once a day, on whichever node claims it first. A run that fails is repeated on the next day. */
export class DailyJobs {
  readonly #deps: DailyJobsDeps;
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: DailyJobsDeps) {
    this.#deps = deps;
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
    await this.#running;
  }

  async runDue(): Promise<void> {
    for (const job of this.#deps.jobs) if (await this.#claim(job)) await job.run();
  }

  /** One statement decides: of many nodes one gets the row. */
  async #claim({ name }: DailyJob): Promise<boolean> {
    const { rows } = await sql`
      insert into jobs (name, ran_at) values (${name}, now())
      on conflict (name) do update set ran_at = excluded.ran_at where jobs.ran_at < now() - interval '23 hours'
      returning name
    `.execute(this.#deps.db);
    return rows.length > 0;
  }
}
