import {
  type ConversationEventName,
  type ConversationEvents,
  type ConversationId,
  laneOf,
  type Message,
  newMessageId,
  type SystemEvent,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import type { Transactor } from "../../ports/database.ts";
import type { ConversationEvent, Outbox } from "../../ports/outbox.ts";
import { currentTrace } from "../../ports/trace.ts";

/** A change as the log keeps it. */
export interface LoggedChange {
  readonly event: ConversationEventName;
  /** The message that it is about. */
  readonly seq?: number;
  /** What the event tells beside the conversation's id and the pts; never a message's content [L2]. */
  readonly payload: object | null;
  /** What the system says: a new message, of the one who acts. */
  readonly system?: SystemEvent;
}

export type Appended<Change extends LoggedChange> = Change & {
  readonly pts: number;
  readonly createdAt: Date;
  readonly outboxEvent: ConversationEvent;
  /** Present where the system says something. */
  readonly message?: Message;
};

type LoggedPayload<Name extends ConversationEventName> = Omit<ConversationEvents[Name], "conversationId" | "pts">;
type OwnEventName =
  | "MemberAdded"
  | "MemberRemoved"
  | "MemberRoleChanged"
  | "ConversationUpdated"
  | "ConversationDeleted"
  | "HistoryTrimmed";

/** A change of the conversation itself or of its members, or what the system says of one. */
export type NewChange =
  | { [Name in OwnEventName]: { readonly event: Name; readonly payload: LoggedPayload<Name> } }[OwnEventName]
  | SystemMessage;

export interface SystemMessage {
  readonly event: "ReceiveMessage";
  readonly payload: null;
  readonly system: SystemEvent;
}

/** What the system says, for the log. */
export const systemMessage = (system: SystemEvent): SystemMessage => ({
  event: "ReceiveMessage",
  payload: null,
  system,
});

export type AppendedChange = Appended<NewChange>;

interface AppendedRow {
  ordinal: number;
  seq: number | null;
  pts: number;
  created_at: Date;
  outbox_id: number;
  event_id: string;
}

/**
 * Appends to a conversation's log. The caller holds the lock of its row and has judged the changes after taking it
 * [L2] [L3].
 * @returns the changes with their pts, in order
 */
export async function appendChanges<Change extends LoggedChange>(
  tx: Transactor,
  outbox: Outbox,
  conversationId: ConversationId,
  actorId: UserId,
  changes: readonly Change[],
): Promise<Appended<Change>[]> {
  const lane = laneOf(conversationId);
  const rows = changes.map(({ event, seq, payload, system }, index) => ({
    ordinal: index,
    lane,
    conversation_id: conversationId,
    event,
    actor_id: actorId,
    about_seq: seq ?? null,
    payload,
    ...(system === undefined ? {} : { message_id: newMessageId(conversationId), kind: "system" as const, system }),
  }));
  const traceId = currentTrace();
  // the argument is evaluated before the function runs, whose rows take the trace
  const node = sql`case when set_config('hubbub.trace_id', ${traceId ?? ""}, true) is not null then ${outbox.node}::uuid end`;
  const appended = await sql<AppendedRow>`
    select a.ordinal, a.seq, a.pts, a.created_at, a.outbox_id, a.event_id
    from append_changes(${node}, make_interval(secs => ${outbox.claimSeconds}),
      array(select n from jsonb_populate_recordset(null::new_change, ${{ rows }}::jsonb -> 'rows') n)) a
  `.execute(tx);
  return appended.rows.flatMap(({ ordinal, seq, pts, created_at: createdAt, outbox_id, event_id }) => {
    const change = changes[ordinal];
    const row = rows[ordinal];
    if (change === undefined || row === undefined) return [];
    const outboxEvent: ConversationEvent = {
      lane,
      id: outbox_id,
      eventId: event_id,
      event: change.event,
      conversationId,
      userId: null,
      pts,
      actorId,
      payload: change.payload,
      traceId,
    };
    const { message_id: id, system } = row;
    const message =
      id !== undefined && system !== undefined && seq !== null
        ? {
            id,
            conversationId,
            seq,
            pts,
            senderId: actorId,
            kind: "system" as const,
            system,
            createdAt: createdAt.toISOString(),
          }
        : undefined;
    return [{ ...change, pts, createdAt, outboxEvent, ...(message !== undefined && { message }) }];
  });
}
