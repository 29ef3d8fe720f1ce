import { type ConversationId, laneOf, limits, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { gathered } from "../../operations/gathered.ts";
import type { AlertLevel } from "../../ports/broadcaster.ts";
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
export function heardConversations(db: Database): (userId: UserId) => Promise<ConversationId[]> {
  // thousands may connect at once
  return gathered((users: readonly UserId[]) => readHeard(db, users), { atOnce: 2, weigh: () => 1, most: 100 });
}

async function readHeard(db: Database, users: readonly UserId[]): Promise<ConversationId[][]> {
  const { rows } = await sql<{ ids: ConversationId[] }>`
    select array(
      select c.id from conversation_members m join conversations c on c.lane = m.lane and c.id = m.conversation_id
      where m.user_id = u.id and m.left_pts is null
        and not (c.type = 'channel' and c.member_count > ${limits.channelHeardUnviewed})
    ) as ids
    from unnest(${users}::uuid[]) with ordinality as u(id, nth) order by u.nth
  `.execute(db);
  return rows.map(({ ids }) => ids);
}

/** Of which messages a person is alerted there: `called` are they alone by name, `mentions` they or everyone [P10]. */
export async function alertLevelsOf(db: Database, userId: UserId): Promise<AlertLevel[]> {
  const { rows } = await sql<AlertLevel>`
    select m.user_id as "userId", m.conversation_id as "conversationId",
           alert_level(m.lane, m.conversation_id, m.user_id) as level
    from conversation_members m where m.user_id = ${userId} and m.left_pts is null`.execute(db);
  return rows;
}

/** Those of them who are alerted where they are called by name [P10]. */
export async function calledAmong(db: Database, id: ConversationId, people: readonly UserId[]): Promise<UserId[]> {
  if (people.length === 0) return [];
  const { rows } = await sql<{ id: UserId }>`
    select p.id from unnest(${people}::uuid[]) as p(id)
    where alert_level(${laneOf(id)}::smallint, ${id}::uuid, p.id) <> 'nothing'`.execute(db);
  return rows.map((row) => row.id);
}
