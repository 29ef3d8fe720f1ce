import { laneOf, type MessageId, type UserId } from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import type { MessageRow } from "../conversations/index.ts";

/**
 * The door of a message by its id: `messages x`, where this person is a member of its conversation and sees it [L10].
 * Absent, somebody else's and not seen are the same: no row.
 */
export function visibleMessage(id: MessageId, userId: UserId): RawBuilder<unknown> {
  return sql`
    messages x
    join conversation_members me
      on me.lane = x.lane and me.conversation_id = x.conversation_id and me.user_id = ${userId}
     and me.left_pts is null and me.visible_from_seq <= x.seq and x.lane = ${laneOf(id)} and x.id = ${id}`;
}

/** @param db for a change: the transaction that holds the lock of its conversation [L3] */
export async function findVisibleMessage(db: Database, id: MessageId, userId: UserId): Promise<MessageRow | undefined> {
  const { rows } = await sql<MessageRow>`select x.* from ${visibleMessage(id, userId)}`.execute(db);
  return rows[0];
}
