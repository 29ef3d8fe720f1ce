import { type ConversationId, laneOf, limits, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { Refused } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";
import type { Outbox, OutboxEvent } from "../../ports/outbox.ts";
import type { AppendedChange, NewChange } from "./change-log.ts";
import { settleInvitations } from "./invitations.ts";
import type { EnteredConversation } from "./lock-conversation.ts";
import { tellChanges } from "./tell-changes.ts";

/** What is to be told after the commit. */
interface Entered {
  readonly changes: readonly AppendedChange[];
  readonly events: readonly OutboxEvent[];
}

/**
 * The one way in: of an addition, a public channel, a link, an invitation. The caller holds the conversation's lock and
 * has found that none of them is a member. Touches no user's row [L7], and costs the same however many are in it.
 * @throws Refused FORBIDDEN where one of them is banned [C5], VALIDATION_FAILED where there would be too many
 */
export async function enterConversation(
  tx: Transactor,
  outbox: Outbox,
  conversation: EnteredConversation,
  by: UserId,
  entering: readonly UserId[],
): Promise<Entered> {
  if (entering.length === 0) return { changes: [], events: [] };
  await mustNotBeBanned(tx, conversation.id, entering);
  mustFit(conversation, entering.length);
  const changes = entering.map(
    (userId): NewChange => ({ event: "MemberAdded", payload: { userId, by, role: "member" } }),
  );
  const appended = await tellChanges(tx, outbox, conversation, by, changes);
  const joinedPts = appended.flatMap(({ event, pts }) => (event === "MemberAdded" ? [pts] : []));
  await insertMembers(tx, conversation, entering, joinedPts);
  const { id: conversationId } = conversation;
  const settling = { conversationId, by, status: "accepted" as const, of: entering };
  return { changes: appended, events: await settleInvitations(tx, outbox, settling) };
}

/** @throws Refused FORBIDDEN */
export async function mustNotBeBanned(tx: Transactor, id: ConversationId, entering: readonly UserId[]): Promise<void> {
  const banned = await tx
    .selectFrom("conversation_bans")
    .select("user_id")
    .where("lane", "=", laneOf(id))
    .where("conversation_id", "=", id)
    .where("user_id", "=", sql<never>`any(${entering})`)
    .limit(1)
    .executeTakeFirst();
  if (banned !== undefined) throw new Refused({ code: "FORBIDDEN", detail: "A banned person cannot come in." });
}

function mustFit({ type, memberCount }: EnteredConversation, more: number): void {
  const most = type === "channel" ? limits.channelMembers : limits.groupMembers;
  if (memberCount + more > most)
    throw new Refused({ code: "VALIDATION_FAILED", detail: `A ${type} has at most ${most} members.` });
}

/** Who was here before comes back as a plain member, and begins to see anew [L10] [L13]. */
async function insertMembers(
  tx: Transactor,
  { id: conversationId, historyVisibility, seq }: EnteredConversation,
  entering: readonly UserId[],
  joinedPts: readonly number[],
): Promise<void> {
  const lane = laneOf(conversationId);
  const visibleFrom = historyVisibility === "sinceJoined" ? seq + 1 : 1;
  await sql`
    insert into conversation_members as m
      (lane, conversation_id, user_id, role, joined_pts, visible_from_seq, read_seq, delivered_seq)
    select ${lane}, ${conversationId}, added.user_id, 'member', added.pts, ${visibleFrom}, ${seq}, ${seq}
    from unnest(${entering}::uuid[], ${joinedPts}::bigint[]) as added(user_id, pts)
    on conflict (lane, conversation_id, user_id) do update set
      role = 'member', joined_at = now(), joined_pts = excluded.joined_pts, rejoined = true,
      visible_from_seq = excluded.visible_from_seq, read_seq = excluded.read_seq,
      delivered_seq = excluded.delivered_seq, left_pts = null
  `.execute(tx);
  await tx
    .updateTable("conversations")
    .set((update) => ({ member_count: update("member_count", "+", entering.length) }))
    .where("lane", "=", lane)
    .where("id", "=", conversationId)
    .execute();
}
