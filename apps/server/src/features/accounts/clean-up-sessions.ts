import { sql } from "kysely";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";

/** Sessions removed by one statement: each may bring thousands of tokens with it. */
const BATCH = 100;

/**
 * Removes sessions, tickets and invitations that have expired. A session that has ended keeps its rows until it would have expired,
 * and a living one all tokens that it ever had, so that a second use of any of them is seen.
 */
export async function cleanUpSessions(db: Database, clock: Clock): Promise<void> {
  const now = new Date(clock.now());
  await db.deleteFrom("registration_invites").where("expires_at", "<=", now).execute();
  await db.deleteFrom("hub_tickets").where("expires_at", "<=", now).execute();
  for (let removed = BATCH; removed === BATCH; ) {
    const { numAffectedRows } = await sql`
      delete from sessions where id in (select id from sessions where expires_at <= ${now} limit ${BATCH})
    `.execute(db);
    removed = Number(numAffectedRows ?? 0);
  }
}
