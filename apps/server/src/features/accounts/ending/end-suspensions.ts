import type { Clock } from "../../../ports/clock.ts";
import type { Database } from "../../../ports/database.ts";
import type { Outbox } from "../../../ports/outbox.ts";
import { accountSuspensionChanged } from "./account-events.ts";
import { notSuspended } from "./suspension.ts";

export interface EndSuspensionsDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly outbox: Pick<Outbox, "write" | "handOver">;
}

/** Accounts of one transaction. */
const BATCH = 100;

/** Lets those in again whose suspension is over by itself. */
export async function endSuspensions({ db, clock, outbox }: EndSuspensionsDeps): Promise<void> {
  for (let ended = BATCH; ended === BATCH; ) {
    const events = await db.transaction().execute(async (tx) => {
      const over = await tx
        .selectFrom("users")
        .select("id")
        .where("suspended_until", "<=", new Date(clock.now()))
        .orderBy("id")
        .limit(BATCH)
        .forNoKeyUpdate()
        .skipLocked()
        .execute();
      const ids = over.map(({ id }) => id);
      if (ids.length === 0) return [];
      await tx.updateTable("users").set(notSuspended).where("id", "in", ids).execute();
      return Promise.all(ids.map((id) => outbox.write(tx, accountSuspensionChanged.of(id, id, null))));
    });
    outbox.handOver(events);
    ended = events.length;
  }
}
