import { laneOf } from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import { defineConsumer, onConversation } from "../../operations/domain-event.ts";
import type { Database } from "../../ports/database.ts";
import type { OutboxConsumer } from "../../ports/outbox.ts";
import { conversationDeleted } from "./domain-events.ts";

/** Rows that one statement removes. */
const BATCH = 5_000;

const tables = [
  ...(["messages", "message_edits", "message_reactions", "message_mentions", "message_media"] as const),
  ...(["conversation_changes", "conversation_receipts", "conversation_settings"] as const),
] as const;

/** Erases what was said in a conversation that is deleted, a batch at a time [C7]. */
export function erasureConsumer({ db }: { readonly db: Database }): OutboxConsumer {
  return defineConsumer("erase-deleted-conversations", [
    onConversation(conversationDeleted, async ({ conversationId: id }) => {
      for (const table of tables)
        while (await eraseSome(db, sql.table(table), sql`lane = ${laneOf(id)} and conversation_id = ${id}`));
    }),
  ]);
}

/** @returns whether there may be more */
async function eraseSome(db: Database, table: RawBuilder<unknown>, which: RawBuilder<unknown>): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    delete from ${table} where ctid = any(array(select ctid from ${table} where ${which} limit ${BATCH}))
  `.execute(db);
  return numAffectedRows === BigInt(BATCH);
}
