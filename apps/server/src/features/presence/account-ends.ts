import { sql } from "kysely";
import { defineConsumer, onPerson } from "../../operations/domain-event.ts";
import type { Database } from "../../ports/database.ts";
import type { OutboxConsumer } from "../../ports/outbox.ts";
import { accountDeleted, accountSuspensionChanged } from "../accounts/index.ts";

/** Who watches a person sees them go: of a deleted account nothing is known any more, a suspended one is not there. */
export function accountEndsConsumer({ db }: { readonly db: Database }): OutboxConsumer {
  return defineConsumer("presence-of-accounts-that-end", [
    onPerson(accountDeleted, async ({ userId }) => {
      // the row stays, for its change is what those who watch look for
      await sql`
        update user_presence
        set chosen = 'online', status_text = null, status_expires_at = null, last_seen_at = null,
            changed_at = clock_timestamp()
        where user_id = ${userId}`.execute(db);
      await sql`delete from present_users where user_id = ${userId}`.execute(db);
    }),
    onPerson(accountSuspensionChanged, async ({ userId }) => {
      await sql`select judge_presence_anew(array[${userId}::uuid])`.execute(db);
    }),
  ]);
}
