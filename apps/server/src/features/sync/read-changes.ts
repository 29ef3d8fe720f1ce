import {
  type Change,
  type ConversationEventName,
  type ConversationId,
  conversationEvents,
  laneOf,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import { type MessageRow, messageView } from "../conversations/index.ts";

/** What one reader asks of one conversation's log, having been found a member of it. */
export interface ChangesWanted {
  readonly conversationId: ConversationId;
  readonly afterPts: number;
  /** The head when membership was judged: nothing later is told, as the reader may have been removed since [L13]. */
  readonly upToPts: number;
  readonly visibleFromSeq: number;
}

interface LoggedChange {
  /** Which of those wanted it answers. */
  readonly wanted: number;
  readonly change_pts: number;
  readonly event: ConversationEventName;
  readonly actor_id: UserId;
  readonly about_seq: number | null;
  readonly payload: object | null;
  readonly changed_at: Date;
  readonly hidden: boolean;
}

/** A change beside the message that it is about, if there is one that is seen. */
type ChangeRow = LoggedChange & (MessageRow | { readonly id: null });

/**
 * The changes of many conversations, at most `limit` of each, in one query. Messages are as they are now [L2].
 * @returns those of each that was wanted
 */
export async function readChanges(
  db: Database,
  wanted: readonly ChangesWanted[],
  limit: number,
): Promise<ReadonlyMap<ChangesWanted, Change[]>> {
  const changes = new Map(wanted.map((each): [ChangesWanted, Change[]] => [each, []]));
  if (wanted.length === 0) return changes;
  const { rows } = await sql<ChangeRow>`
    -- the message's columns as they are: as JSON they took the database twice as long
    select m.*, w.nth::integer - 1 as wanted, c.pts as change_pts, c.event, c.actor_id, c.seq as about_seq, c.payload,
           c.created_at as changed_at, c.seq is not null and c.seq < w.visible_from_seq as hidden
    from unnest(
      ${wanted.map(({ conversationId }) => laneOf(conversationId))}::smallint[],
      ${wanted.map(({ conversationId }) => conversationId)}::uuid[],
      ${wanted.map(({ afterPts }) => afterPts)}::bigint[],
      ${wanted.map(({ upToPts }) => upToPts)}::bigint[],
      ${wanted.map(({ visibleFromSeq }) => visibleFromSeq)}::bigint[]
    ) with ordinality as w(lane, conversation_id, after_pts, up_to_pts, visible_from_seq, nth)
    cross join lateral (
      select * from conversation_changes x
      where x.lane = w.lane and x.conversation_id = w.conversation_id
        and x.pts > w.after_pts and x.pts <= w.up_to_pts
      order by x.pts limit ${limit}
    ) c
    -- one by one: joined, the planner would let an index in that goes through all messages of a conversation
    left join lateral (
      select * from messages x
      where x.lane = w.lane and x.conversation_id = w.conversation_id and x.seq = c.seq and c.seq >= w.visible_from_seq
      limit 1
    ) m on true
    order by w.nth, c.pts
  `.execute(db);
  for (const row of rows) {
    const which = wanted[row.wanted];
    if (which !== undefined) changes.get(which)?.push(changeView(row, which.conversationId));
  }
  return changes;
}

function changeView(row: ChangeRow, conversationId: ConversationId): Change {
  const { change_pts: pts } = row;
  if (row.hidden) return { pts, event: "Hidden" };
  const logged = { pts, actorId: row.actor_id, createdAt: row.changed_at.toISOString() };
  const payload = { ...row.payload, conversationId, seq: row.about_seq, pts };
  switch (row.event) {
    case "ReceiveMessage":
    case "MessageEdited":
    case "MessageDeleted":
    case "MessagePinned":
    case "MessageUnpinned":
      // retention took it [L12]
      if (row.id === null) return { pts, event: "Hidden" };
      return { ...logged, event: row.event, payload: messageView(row) };
    case "ReactionAdded":
    case "ReactionRemoved":
      // forgotten with its message [L11]
      if (row.payload === null) return { pts, event: "Hidden" };
      return { ...logged, event: row.event, payload: conversationEvents[row.event].parse(payload) };
    case "MemberAdded":
      return { ...logged, event: row.event, payload: conversationEvents.MemberAdded.parse(payload) };
    case "MemberRemoved":
      return { ...logged, event: row.event, payload: conversationEvents.MemberRemoved.parse(payload) };
    case "MemberRoleChanged":
      return { ...logged, event: row.event, payload: conversationEvents.MemberRoleChanged.parse(payload) };
    case "ConversationDeleted":
      return { ...logged, event: row.event, payload: conversationEvents.ConversationDeleted.parse(payload) };
    case "HistoryTrimmed": {
      const { actorId: _, ...byNobody } = logged;
      return { ...byNobody, event: row.event, payload: conversationEvents.HistoryTrimmed.parse(payload) };
    }
    case "ConversationUpdated":
      return { ...logged, event: row.event, payload: conversationEvents.ConversationUpdated.parse(payload) };
  }
}
