import type { UserId } from "@hubbub/contract";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Jobs } from "../../ports/jobs.ts";
import type { DeadLetters } from "../../ports/outbox.ts";

export interface AdministrationDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly isAdmin: (user: UserId) => Promise<boolean>;
  readonly deadLetters: DeadLetters;
  readonly jobs: Jobs;
}
