import type { ConversationEventName, ConversationId, Lane, MessageId, UserId } from "@hubbub/contract";
import type { TransactionSQL } from "bun";

/** A change for `append_changes`, by the names of the database's `new_change`; what is absent is null. */
export interface NewChange {
  readonly lane: Lane;
  readonly conversation_id: ConversationId;
  readonly event: ConversationEventName;
  readonly actor_id: UserId;
  readonly payload?: object;
  readonly about_seq?: number;
  readonly message_id?: MessageId;
  readonly client_message_id?: string;
  readonly kind?: "text";
  readonly text?: string;
  readonly reply_to_id?: MessageId;
  readonly reply_to_seq?: number;
  readonly reply_to_sender_id?: UserId;
  readonly thread_root_id?: MessageId;
  readonly thread_root_seq?: number;
  readonly mentions?: readonly string[];
}

/** The seed itself, as the node that appends. */
const node = crypto.randomUUID();

/**
 * Appends changes by the one function that does [L2], and takes what it queued for consumers out again: the seed writes
 * what they would. The caller has made the conversations, so nobody else changes them.
 * @returns the pts of each change, in order
 */
export async function append(tx: TransactionSQL, changes: readonly NewChange[]): Promise<number[]> {
  const json = JSON.stringify(changes.map((change, ordinal) => ({ ordinal, ...change })));
  const lanes = tx.array(
    changes.map(({ lane }) => lane),
    "int2",
  );
  await tx`select 1 from conversations c
    where (c.lane, c.id) in (select n.lane, n.conversation_id from jsonb_populate_recordset(null::new_change, ${json}::text::jsonb) n)
    order by c.id for no key update of c`;
  const [row] = await tx<{ pts: bigint[] }[]>`
    with appended as materialized (
      select * from append_changes(${node}::uuid, interval '1 hour',
        array(select n from jsonb_populate_recordset(null::new_change, ${json}::text::jsonb) n))
    )
    select array_agg(a.pts order by a.ordinal) as pts,
           remove_outbox_rows(${lanes}::smallint[], array_agg(a.outbox_id order by a.ordinal))
    from appended a`;
  return (row?.pts ?? []).map(Number);
}
