import { sql } from "kysely";
import { defineConsumer, onPerson } from "../../operations/domain-event.ts";
import type { Database } from "../../ports/database.ts";
import type { OutboxConsumer } from "../../ports/outbox.ts";
import { accountDeleted } from "../accounts/index.ts";

/** What a deleted account uploaded goes too, and what it was called, but for what others see: that stays, as messages do. */
export function forgetDeletedMediaConsumer({ db }: { readonly db: Database }): OutboxConsumer {
  return defineConsumer("forget-media-of-deleted-people", [
    onPerson(accountDeleted, async ({ userId }) => {
      await sql`
        update media set file_name = '',
          state = case when state in ('initiated', 'uploaded', 'active') then 'deleting' else state end,
          changed_at = case when state in ('initiated', 'uploaded', 'active') then now() else changed_at end
        where owner_id = ${userId} and state <> 'attached' and file_name <> ''`.execute(db);
    }),
  ]);
}
