import type { UserId } from "@hubbub/contract";
import type { Clock } from "../../../ports/clock.ts";
import type { Database } from "../../../ports/database.ts";

export interface RegistrationInviteDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly isAdmin: (user: UserId) => Promise<boolean>;
}
