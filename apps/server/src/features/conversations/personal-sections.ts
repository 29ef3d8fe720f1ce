import type { ConversationId, UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { manyPersonal, type PersonalSection, pageByPage } from "../../operations/personal-section.ts";
import type { Database } from "../../ports/database.ts";

/** Where a person is and was, with what they chose there, and whom they invited or were invited by. */
export function conversationSections(db: Database): readonly PersonalSection[] {
  return [
    manyPersonal("conversations", (user) => membershipsOf(db, user)),
    manyPersonal("invitations", (user) => invitationsOf(db, user)),
    manyPersonal("inviteLinks", (user) => inviteLinksOf(db, user)),
    manyPersonal("bans", (user) => bansBy(db, user)),
  ];
}

/** What a conversation is called after they left is not theirs to know. */
function membershipsOf(db: Database, user: UserId): AsyncIterable<object> {
  return pageByPage<{ readonly id: ConversationId }>(async (after, limit) => {
    const beyond = after === undefined ? sql`true` : sql`m.conversation_id > ${after.id}::uuid`;
    const { rows } = await sql<{ id: ConversationId }>`
      select m.conversation_id as id, c.type, m.left_pts is not null as "hasLeft",
             case when m.left_pts is null then c.title end as title,
             case c.type when 'direct' then (
               select case d.low_user_id when m.user_id then d.high_user_id else d.low_user_id end
               from direct_conversations d where d.lane = m.lane and d.conversation_id = m.conversation_id
             ) end as "peerId",
             c.created_by = m.user_id as "isCreator", m.role, m.joined_at as "joinedAt",
             m.read_seq as "readSeq", m.delivered_seq as "deliveredSeq",
             s.muted_until as "mutedUntil", s.notify, s.pinned, s.archived, s.draft
      from (
        select * from conversation_members where user_id = ${user} and left_pts is null
        union all select * from conversation_members where user_id = ${user} and left_pts is not null
      ) m
      join conversations c on c.lane = m.lane and c.id = m.conversation_id
      left join conversation_settings s
        on s.lane = m.lane and s.conversation_id = m.conversation_id and s.user_id = m.user_id
      where ${beyond} order by m.conversation_id limit ${limit}`.execute(db);
    return rows;
  });
}

function invitationsOf(db: Database, user: UserId): AsyncIterable<object> {
  return pageByPage<{ readonly id: string }>(async (after, limit) => {
    const beyond = after === undefined ? sql`true` : sql`i.id > ${after.id}::uuid`;
    const { rows } = await sql<{ id: string }>`
      select i.id, i.conversation_id as "conversationId", i.user_id as "userId", i.invited_by as "invitedBy", i.status,
             i.created_at as "createdAt"
      from conversation_invitations i where (i.user_id = ${user} or i.invited_by = ${user}) and ${beyond}
      order by i.id limit ${limit}`.execute(db);
    return rows;
  });
}

/** Without what opens them: that belongs to the conversation. */
async function* inviteLinksOf(db: Database, user: UserId): AsyncIterable<object> {
  const rows = pageByPage<{ readonly token: string }>(async (after, limit) => {
    const beyond = after === undefined ? sql`true` : sql`l.token > ${after.token}`;
    const { rows: page } = await sql<{ token: string }>`
      select l.token, l.conversation_id as "conversationId", l.created_at as "createdAt", l.expires_at as "expiresAt",
             l.max_uses as "maxUses", l.uses, l.revoked_at as "revokedAt"
      from conversation_invites l where l.created_by = ${user} and ${beyond} order by l.token limit ${limit}`.execute(
      db,
    );
    return page;
  });
  for await (const { token: _, ...link } of rows) yield link;
}

/** Whom they banned; whoever is banned is not told by whom. */
function bansBy(db: Database, user: UserId): AsyncIterable<object> {
  return pageByPage<{ readonly conversationId: string; readonly userId: string }>(async (after, limit) => {
    const beyond =
      after === undefined
        ? sql`true`
        : sql`(b.conversation_id, b.user_id) > (${after.conversationId}::uuid, ${after.userId}::uuid)`;
    const { rows } = await sql<{ conversationId: string; userId: string }>`
      select b.conversation_id as "conversationId", b.user_id as "userId", b.created_at as "createdAt"
      from conversation_bans b where b.banned_by = ${user} and ${beyond}
      order by b.conversation_id, b.user_id limit ${limit}`.execute(db);
    return rows;
  });
}

/** Those in which a person is or was, whatever they see of them now. */
export function everyConversationOf(db: Database, user: UserId): AsyncIterable<{ readonly id: ConversationId }> {
  return pageByPage<{ readonly id: ConversationId }>(async (after, limit) => {
    const beyond = after === undefined ? sql`true` : sql`m.id > ${after.id}::uuid`;
    const { rows } = await sql<{ id: ConversationId }>`
      select m.id from (
        select conversation_id as id from conversation_members where user_id = ${user} and left_pts is null
        union all select conversation_id from conversation_members where user_id = ${user} and left_pts is not null
      ) m where ${beyond} order by m.id limit ${limit}`.execute(db);
    return rows;
  });
}
