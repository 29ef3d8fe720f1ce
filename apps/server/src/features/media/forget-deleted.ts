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
        with theirs as materialized (
          select lane, id, state in ('initiated', 'uploaded', 'active') as goes from media
          where owner_id = ${userId} and state <> 'attached' and file_name <> '' order by id for update
        )
        update media m set file_name = '', state = case when t.goes then 'deleting' else m.state end,
          changed_at = case when t.goes then now() else m.changed_at end
        from theirs t where m.lane = t.lane and m.id = t.id`.execute(db);
    }),
  ]);
}
