import { type ConversationId, limits, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";

/** The conversations in which others hear of a person. */
export async function conversationsOf(db: Database, userId: UserId): Promise<ConversationId[]> {
  const rows = await db
    .selectFrom("conversation_members")
    .select("conversation_id")
    .where("user_id", "=", userId)
    .where("left_pts", "is", null)
    .execute();
  return rows.map((row) => row.conversation_id);
}

/** Those that a person's connections hear without viewing them: very large channels are heard while they are viewed. */
export async function heardConversationsOf(db: Database, userId: UserId): Promise<ConversationId[]> {
  const { rows } = await sql<{ id: ConversationId }>`
    select c.id from conversation_members m join conversations c on c.lane = m.lane and c.id = m.conversation_id
    where m.user_id = ${userId} and m.left_pts is null
      and not (c.type = 'channel' and c.member_count > ${limits.channelHeardUnviewed})
  `.execute(db);
  return rows.map(({ id }) => id);
}

/** Those of whose messages a person wants alerts: the one place where muting and levels of notification are judged. */
export function alertedConversationsOf(db: Database, userId: UserId): Promise<ConversationId[]> {
  return conversationsOf(db, userId);
}
