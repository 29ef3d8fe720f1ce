import { type ConversationId, laneOf, type UserId, type UserStatus } from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import { ownPresence, type PresenceRow, seenPresence } from "./seen-presence.ts";

const columns = sql`p.user_id, p.chosen, p.status_text, p.status_expires_at, p.last_seen_at, p.is_present`;

/** Of those whom this viewer may see; of oneself as one is. */
export async function readPresence(
  db: Database,
  viewer: UserId,
  people: readonly UserId[],
): Promise<Map<UserId, UserStatus>> {
  const { rows } = await sql<PresenceRow>`
    select ${columns} from presence_now p
    where p.user_id = any(${people}::uuid[])
      and admits(p.user_id, 'seePresence', ${viewer}::uuid)
  `.execute(db);
  return new Map(rows.map((row) => [row.user_id, row.user_id === viewer ? ownPresence(row) : seenPresence(row)]));
}

/** Of the members who are present, or of whom something is known, and whom this viewer, a member too, may see. */
export async function readMembersPresence(
  db: Database,
  viewer: UserId,
  conversation: ConversationId,
  known: readonly UserId[],
): Promise<UserStatus[]> {
  const { rows } = await sql<PresenceRow>`
    select ${columns}
    from conversation_members me
    join conversation_members m
      on m.lane = me.lane and m.conversation_id = me.conversation_id and m.left_pts is null and m.user_id <> me.user_id
    join presence_now p on p.user_id = m.user_id and (p.is_present or p.user_id = any(${known}::uuid[]))
    where me.lane = ${laneOf(conversation)} and me.conversation_id = ${conversation} and me.user_id = ${viewer}
      and me.left_pts is null and admits(m.user_id, 'seePresence', me.user_id)
  `.execute(db);
  return rows.map(seenPresence);
}

export interface ChangedRow extends PresenceRow {
  readonly changed_at: Date;
}

/** @param seconds how far back */
export async function readChanged(db: Database, seconds: number): Promise<ChangedRow[]> {
  const { rows } = await sql<ChangedRow>`
    select ${columns}, p.changed_at from presence_now p where p.changed_at > now() - make_interval(secs => ${seconds})
  `.execute(db);
  return rows;
}

interface MembershipRow {
  readonly user_id: UserId;
  readonly conversation_id: ConversationId;
}

/** In which of the conversations these people are; in larger ones presence comes to who watches a person alone. */
export async function readMemberships(
  db: Database,
  people: readonly UserId[],
  conversations: readonly ConversationId[],
  mostMembers: number,
): Promise<MembershipRow[]> {
  if (conversations.length === 0 || people.length === 0) return [];
  const { rows } = await sql<MembershipRow>`
    select m.user_id, m.conversation_id
    from conversation_members m
    join conversations c on c.lane = m.lane and c.id = m.conversation_id and c.member_count <= ${mostMembers}
    where m.user_id = any(${people}::uuid[]) and m.left_pts is null
      and (m.lane, m.conversation_id) in (
        select * from unnest(${conversations.map(laneOf)}::smallint[], ${conversations}::uuid[]))
  `.execute(db);
  return rows;
}

export interface Pair {
  readonly viewer: UserId;
  readonly person: UserId;
}

/** Those pairs in which the viewer may see the person. */
export async function readVisible(db: Database, pairs: readonly Pair[]): Promise<Pair[]> {
  if (pairs.length === 0) return [];
  const { rows } = await sql<Pair>`
    select v.viewer, v.person
    from unnest(${pairs.map(({ viewer }) => viewer)}::uuid[], ${pairs.map(({ person }) => person)}::uuid[])
      v (viewer, person)
    where admits(v.person, 'seePresence', v.viewer)
  `.execute(db);
  return rows;
}
