import type { UserId } from "@hubbub/contract";
import type { Jobs } from "../../ports/jobs.ts";
import type { DeadLetters } from "../../ports/outbox.ts";

export interface AdministrationDeps {
  readonly isAdmin: (user: UserId) => Promise<boolean>;
  readonly deadLetters: DeadLetters;
  readonly jobs: Jobs;
}
