import {
  type Conversation,
  type ConversationId,
  type ConversationType,
  type HistoryVisibility,
  laneOf,
  type MediaId,
  type Posting,
  type Role,
  type UserId,
  type Visibility,
} from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import { type ConversationSettingsRow, conversationSettingsView, publicUser } from "../people/index.ts";
import { type MessageRow, messageView } from "./message-view.ts";

interface ConversationRow extends ConversationSettingsRow {
  /** Whose view it is. */
  viewer_id: UserId;
  id: ConversationId;
  type: ConversationType;
  title: string | null;
  topic: string | null;
  avatar_media_id: MediaId | null;
  visibility: Visibility;
  posting: Posting;
  history_visibility: HistoryVisibility;
  retention_days: number | null;
  member_count: number;
  seq: number;
  pts: number;
  created_at: Date;
  last_activity_at: Date;
  role: Role;
  read_seq: number;
  delivered_seq: number;
  visible_from_seq: number;
  unread: number;
  unread_mentions: number;
  peer_id: UserId | null;
  peer_username: string | null;
  peer_display_name: string | null;
  peer_avatar_media_id: MediaId | null;
  peer_deleted_at: Date | null;
  last_message: MessageRow | null;
}

/**
 * Conversations as members see them: what is theirs alone is under `me`.
 * @param page which memberships `m` in conversations `c`, and how many: only of these it is counted
 */
function selectViews(page: RawBuilder<unknown>) {
  return sql<ConversationRow>`
    select m.*, s.muted_until, s.notify, s.pinned, s.archived, s.draft,
           unread.count::integer as unread, mentioned.count::integer as unread_mentions,
           peer.id as peer_id, peer.username as peer_username, peer.display_name as peer_display_name,
           peer.avatar_media_id as peer_avatar_media_id, peer.deleted_at as peer_deleted_at,
           last_message.view as last_message
    from (
      select m.lane, m.user_id as viewer_id, m.role, m.read_seq, m.delivered_seq, m.visible_from_seq,
             c.id, c.type, c.title, c.topic, c.avatar_media_id, c.visibility, c.posting, c.history_visibility,
             c.retention_days, c.member_count, c.seq, c.pts, c.created_at, c.last_activity_at
      from conversation_members m
      join conversations c on c.lane = m.lane and c.id = m.conversation_id
      where m.left_pts is null and ${page}
    ) m
    left join conversation_settings s on s.lane = m.lane and s.conversation_id = m.id and s.user_id = m.viewer_id
    left join direct_conversations d on d.lane = m.lane and d.conversation_id = m.id and m.type = 'direct'
    left join users peer
      on peer.id = case when d.low_user_id = m.viewer_id then d.high_user_id else d.low_user_id end
    left join lateral (
      select to_jsonb(x) as view from messages x
      where x.lane = m.lane and x.conversation_id = m.id and x.seq >= m.visible_from_seq
        and x.thread_root_seq is null
      order by x.seq desc limit 1
    ) last_message on true
    cross join lateral (
      -- exact up to 99; 100 means "99+" [L23]
      select count(*) from (
        select 1 from messages x
        where x.lane = m.lane and x.conversation_id = m.id
          and x.seq > greatest(m.read_seq, m.visible_from_seq - 1) and x.sender_id <> m.viewer_id
          and x.deleted_at is null and x.kind <> 'system' and x.thread_root_seq is null
        limit 100
      ) counted
    ) unread
    cross join lateral (
      select count(*) from (
        select distinct x.seq from message_mentions x
        where x.lane = m.lane and x.conversation_id = m.id
          -- of oneself, and of everyone
          and x.user_id in (m.viewer_id, '00000000-0000-0000-0000-000000000000')
          and x.seq > greatest(m.read_seq, m.visible_from_seq - 1) and x.sender_id <> m.viewer_id
          -- nobody is called by whom they blocked [L14]
          and not exists (select 1 from blocks b where b.user_id = m.viewer_id and b.blocked_id = x.sender_id)
        limit 100
      ) counted
    ) mentioned
    order by m.last_activity_at desc, m.id desc
  `;
}

function conversationView(row: ConversationRow): Conversation {
  const { peer_id, peer_username, peer_display_name, last_message } = row;
  return {
    id: row.id,
    type: row.type,
    ...(row.title !== null && { title: row.title }),
    ...(row.topic !== null && { topic: row.topic }),
    ...(row.avatar_media_id !== null && { avatarMediaId: row.avatar_media_id }),
    visibility: row.visibility,
    posting: row.posting,
    historyVisibility: row.history_visibility,
    ...(row.retention_days !== null && { retentionDays: row.retention_days }),
    encrypted: false,
    memberCount: row.member_count,
    seq: row.seq,
    pts: row.pts,
    createdAt: row.created_at.toISOString(),
    ...(peer_id !== null &&
      peer_username !== null &&
      peer_display_name !== null && {
        peer: publicUser({
          ...{ id: peer_id, username: peer_username, display_name: peer_display_name, bio: null },
          ...{ avatar_media_id: row.peer_avatar_media_id, deleted_at: row.peer_deleted_at },
        }),
      }),
    me: {
      role: row.role,
      readSeq: row.read_seq,
      deliveredSeq: row.delivered_seq,
      visibleFromSeq: row.visible_from_seq,
      unread: row.unread,
      unreadMentions: row.unread_mentions,
      settings: conversationSettingsView(row),
    },
    ...(last_message !== null && { lastMessage: messageView(last_message) }),
  };
}

/** Those of the conversations that this person is a member of, as they see them. */
export async function viewConversationsById(
  db: Database,
  userId: UserId,
  ids: readonly ConversationId[],
): Promise<Map<ConversationId, Conversation>> {
  const { rows } = await selectViews(sql`
    m.user_id = ${userId} and m.lane = any(${ids.map(laneOf)}::smallint[]) and m.conversation_id = any(${ids}::uuid[])`).execute(
    db,
  );
  return new Map(rows.map((row) => [row.id, conversationView(row)]));
}

/** One conversation as each of these people sees it who are members. */
export async function viewConversationFor(
  db: Database,
  id: ConversationId,
  people: readonly UserId[],
): Promise<Map<UserId, Conversation>> {
  const which = sql`m.lane = ${laneOf(id)} and m.conversation_id = ${id} and m.user_id = any(${people}::uuid[])`;
  const { rows } = await selectViews(which).execute(db);
  return new Map(rows.map((row) => [row.viewer_id, conversationView(row)]));
}

/** One conversation as this member sees it; undefined if they are no member, or there is none. */
export async function viewConversation(
  db: Database,
  conversationId: ConversationId,
  userId: UserId,
): Promise<Conversation | undefined> {
  return (await viewConversationsById(db, userId, [conversationId])).get(conversationId);
}

/** The place in the list after which the next page begins. */
export interface ListPosition {
  readonly lastActivityAt: Date;
  readonly id: ConversationId;
}

/** A person's conversations but for hidden ones [C8], newest activity first, and where the next page begins. */
export async function viewConversations(
  db: Database,
  userId: UserId,
  after: ListPosition | undefined,
  limit: number,
): Promise<{ items: Conversation[]; next: ListPosition | undefined }> {
  const beyond =
    after === undefined ? sql`true` : sql`(c.last_activity_at, c.id) < (${after.lastActivityAt}, ${after.id}::uuid)`;
  const { rows } = await selectViews(sql`
    m.user_id = ${userId} and (c.hidden_from is null or m.user_id <> all(c.hidden_from)) and ${beyond}
    order by c.last_activity_at desc, c.id desc limit ${limit + 1}`).execute(db);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map(conversationView),
    next: last && { lastActivityAt: last.last_activity_at, id: last.id },
  };
}
