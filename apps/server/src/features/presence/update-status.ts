import { operations } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, invalid, ok } from "../../operations/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import { readPresence } from "./read-presence.ts";

export interface UpdateStatusDeps {
  readonly db: Database;
  readonly clock: Clock;
}

/** Who goes invisible is seen for the last time in that moment; until they come back that time stands still. */
export function updateStatusOperation({ db, clock }: UpdateStatusDeps): Operation {
  return defineOperation(operations.updateStatus, {
    handle: async ({ presence, text = null, expiresAt = null }, { userId }) => {
      if (expiresAt !== null && Date.parse(expiresAt) <= clock.now())
        return invalid("expiresAt", "must be in the future");
      await sql`
        insert into user_presence as p (user_id, chosen, status_text, status_expires_at, changed_at)
        select u.id, ${presence}, ${text}, ${expiresAt}::timestamptz, clock_timestamp() from users u
        where u.id = ${userId} and u.deleted_at is null
        on conflict (user_id) do update set
          chosen = excluded.chosen, status_text = excluded.status_text, status_expires_at = excluded.status_expires_at,
          changed_at = excluded.changed_at,
          last_seen_at = case
            when excluded.chosen = 'invisible' and exists (
              select 1 from presence_now n
              where n.user_id = excluded.user_id and n.is_present and n.chosen <> 'invisible'
            ) then now() else p.last_seen_at end
      `.execute(db);
      const own = (await readPresence(db, userId, [userId])).get(userId);
      return own === undefined ? fail("UNAUTHENTICATED") : ok(own);
    },
    rest: (status) => ({ body: { status } }),
    hub: (status) => status,
  });
}
