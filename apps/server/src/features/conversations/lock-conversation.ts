import {
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
import { sql } from "kysely";
import { Refused } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";

export interface EnteredConversation {
  readonly id: ConversationId;
  readonly type: ConversationType;
  readonly title: string | null;
  readonly topic: string | null;
  readonly avatarMediaId: MediaId | null;
  readonly visibility: Visibility;
  readonly posting: Posting;
  readonly retentionDays: number | null;
  readonly historyVisibility: HistoryVisibility;
  readonly memberCount: number;
  readonly seq: number;
}

export interface LockedConversation extends EnteredConversation {
  /** Of the one who acts. */
  readonly role: Role;
}

/**
 * The door of every change to a conversation: takes its lock, and only then looks whether the actor is a member [L3].
 * @throws Refused NOT_FOUND alike for an absent conversation and for one that the actor is no member of
 */
export async function lockConversation(
  tx: Transactor,
  conversationId: ConversationId,
  actorId: UserId,
): Promise<LockedConversation> {
  const conversation = await lockRow(tx, conversationId);
  const role = conversation && (await activeRole(tx, conversationId, actorId));
  if (conversation === undefined || role === undefined) throw new Refused({ code: "NOT_FOUND" });
  return { ...conversation, role };
}

/** The locks of several, in the order of their ids [L7]; judging is up to later statements [L3]. */
export async function lockConversations(tx: Transactor, ids: readonly ConversationId[]): Promise<void> {
  await sql`
    select 1 from conversations c
    where (c.lane, c.id) in (select * from unnest(${ids.map(laneOf)}::smallint[], ${ids}::uuid[]))
    order by c.id for no key update
  `.execute(tx);
}

/** As `lockConversation`, where someone who may be no member is about to come in. */
export async function lockForEntry(tx: Transactor, conversationId: ConversationId): Promise<EnteredConversation> {
  const conversation = await lockRow(tx, conversationId);
  if (conversation === undefined) throw new Refused({ code: "NOT_FOUND" });
  return conversation;
}

async function lockRow(tx: Transactor, conversationId: ConversationId): Promise<EnteredConversation | undefined> {
  const row = await tx
    .selectFrom("conversations")
    .select(["id", "type", "title", "topic", "visibility", "posting", "history_visibility", "retention_days"])
    .select(["member_count", "seq", "avatar_media_id"])
    .where("lane", "=", laneOf(conversationId))
    .where("id", "=", conversationId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { history_visibility: historyVisibility, retention_days: retentionDays, ...others } = row;
  const { avatar_media_id: avatarMediaId, member_count: memberCount, ...rest } = others;
  return { ...rest, historyVisibility, retentionDays, avatarMediaId, memberCount };
}

/** The role of a present member; undefined for everyone else. */
export async function activeRole(
  tx: Transactor,
  conversationId: ConversationId,
  userId: UserId,
): Promise<Role | undefined> {
  const member = await tx
    .selectFrom("conversation_members")
    .select("role")
    .where("lane", "=", laneOf(conversationId))
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .where("left_pts", "is", null)
    .executeTakeFirst();
  return member?.role;
}
