import {
  type ConversationEventName,
  type ConversationEvents,
  type ConversationId,
  laneOf,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import type { Transactor } from "../../ports/database.ts";
import type { Outbox, OutboxEvent } from "../../ports/outbox.ts";

/** Messages are appended by the database itself, on the hot path. */
type AppendedEventName = Exclude<ConversationEventName, "ReceiveMessage">;

/** What the log keeps beside the conversation's id and the pts. */
type LoggedPayload<Name extends AppendedEventName> = Omit<ConversationEvents[Name], "conversationId" | "pts">;

export type NewChange = {
  [Name in AppendedEventName]: { readonly event: Name; readonly payload: LoggedPayload<Name> };
}[AppendedEventName];

export type AppendedChange = NewChange & { readonly pts: number; readonly outboxEvent: OutboxEvent };

/**
 * Appends to a conversation's log. The caller holds the lock of its row and has judged the changes after taking it
 * [L2] [L3].
 * @returns the changes with their pts, in order
 */
export async function appendChanges(
  tx: Transactor,
  outbox: Outbox,
  conversationId: ConversationId,
  actorId: UserId,
  changes: readonly NewChange[],
): Promise<AppendedChange[]> {
  const lane = laneOf(conversationId);
  const rows = changes.map(({ event, payload }, index) => ({
    ordinal: index,
    lane,
    conversation_id: conversationId,
    event,
    actor_id: actorId,
    payload,
  }));
  const appended = await sql<{ ordinal: number; pts: number; outbox_id: number; event_id: string }>`
    select a.ordinal, a.pts, a.outbox_id, a.event_id
    from append_changes(${outbox.node}::uuid, make_interval(secs => ${outbox.claimSeconds}),
      array(select n from jsonb_populate_recordset(null::new_change, ${{ rows }}::jsonb -> 'rows') n)) a
  `.execute(tx);
  return appended.rows.flatMap(({ ordinal, pts, outbox_id, event_id }) => {
    const change = changes[ordinal];
    if (change === undefined) return [];
    const outboxEvent: OutboxEvent = {
      lane,
      id: outbox_id,
      eventId: event_id,
      event: change.event,
      conversationId,
      pts,
      actorId,
      payload: change.payload,
    };
    return [{ ...change, pts, outboxEvent }];
  });
}
