import {
  type ConversationId,
  type ConversationType,
  type HistoryVisibility,
  laneOf,
  type Posting,
  type Role,
  type UserId,
} from "@hubbub/contract";
import { Refused } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";

export interface LockedConversation {
  readonly type: ConversationType;
  readonly title: string | null;
  readonly topic: string | null;
  readonly posting: Posting;
  readonly historyVisibility: HistoryVisibility;
  readonly memberCount: number;
  readonly seq: number;
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
  const lane = laneOf(conversationId);
  const conversation = await tx
    .selectFrom("conversations")
    .select(["type", "title", "topic", "posting", "history_visibility", "member_count", "seq"])
    .where("lane", "=", lane)
    .where("id", "=", conversationId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  const role = conversation && (await activeRole(tx, conversationId, actorId));
  if (conversation === undefined || role === undefined) throw new Refused({ code: "NOT_FOUND" });
  const { history_visibility: historyVisibility, member_count: memberCount, ...rest } = conversation;
  return { ...rest, historyVisibility, memberCount, role };
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
