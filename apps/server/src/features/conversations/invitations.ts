import {
  type ConversationId,
  type ConversationType,
  type Invitation,
  type InvitationId,
  laneOf,
  type MediaId,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import type { Database, Transactor } from "../../ports/database.ts";
import type { Outbox, OutboxEvent } from "../../ports/outbox.ts";
import { invitationSettled } from "./domain-events.ts";
import { publicConversation } from "./public-conversation.ts";

interface InvitationRow {
  readonly id: InvitationId;
  readonly conversation_id: ConversationId;
  readonly user_id: UserId;
  readonly invited_by: UserId;
  readonly status: Invitation["status"];
  readonly created_at: Date;
  /** Null once the conversation is deleted. */
  readonly type: ConversationType | null;
  readonly title: string | null;
  readonly topic: string | null;
  readonly avatar_media_id: MediaId | null;
  readonly member_count: number | null;
}

/** Invitations as they are now, with where they lead. */
export function selectInvitations(db: Database) {
  return db
    .selectFrom("conversation_invitations as i")
    .leftJoin("conversations as c", (join) =>
      join.onRef("c.lane", "=", "i.lane").onRef("c.id", "=", "i.conversation_id"),
    )
    .select(["i.id", "i.conversation_id", "i.user_id", "i.invited_by", "i.status", "i.created_at"])
    .select(["c.type", "c.title", "c.topic", "c.avatar_media_id", "c.member_count"]);
}

export function invitationView(row: InvitationRow): Invitation {
  const { conversation_id: id, type, title, topic, avatar_media_id, member_count } = row;
  return {
    ...{ id: row.id, conversationId: id, userId: row.user_id, invitedBy: row.invited_by, status: row.status },
    createdAt: row.created_at.toISOString(),
    ...(type !== null &&
      member_count !== null && {
        conversation: publicConversation({ id, type, title, topic, avatar_media_id, member_count }),
      }),
  };
}

/** By their ids, for those whom they concern. */
export async function viewInvitations(
  db: Database,
  ids: readonly InvitationId[],
): Promise<Map<InvitationId, Invitation>> {
  if (ids.length === 0) return new Map();
  const rows = await selectInvitations(db).where("i.id", "=", sql<never>`any(${ids})`).execute();
  return new Map(rows.map((row) => [row.id, invitationView(row)]));
}

interface Settling {
  readonly conversationId: ConversationId;
  readonly by: UserId;
  readonly status: Exclude<Invitation["status"], "pending">;
  /** Whose; all that wait where they are not named. */
  readonly of?: readonly UserId[];
}

/**
 * Ends invitations that wait, in whichever way people come in or are kept out. The caller holds the conversation's lock.
 * @returns the events that tell both sides, to be handed over after the commit
 */
export async function settleInvitations(
  tx: Transactor,
  outbox: Outbox,
  { conversationId, by, status, of }: Settling,
): Promise<OutboxEvent[]> {
  let update = tx
    .updateTable("conversation_invitations")
    .set({ status })
    .where("lane", "=", laneOf(conversationId))
    .where("conversation_id", "=", conversationId)
    .where("status", "=", "pending");
  if (of !== undefined) update = update.where("user_id", "=", sql<never>`any(${of})`);
  const events: OutboxEvent[] = [];
  for (const row of await update.returning(["id", "user_id", "invited_by"]).execute()) {
    const payload = { invitationId: row.id, userId: row.user_id, invitedBy: row.invited_by };
    events.push(await outbox.write(tx, invitationSettled.of(conversationId, by, payload)));
  }
  return events;
}
