import { type ConversationId, laneOf, type Role, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineConsumer, onPerson } from "../../operations/domain-event.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import type { Outbox, OutboxConsumer } from "../../ports/outbox.ts";
import { accountDeleted } from "../accounts/index.ts";
import { findUsers } from "../people/index.ts";
import { type ChangeConversationDeps, changeConversation, changeFromOutside } from "./change-conversation.ts";
import type { AppendedChange } from "./change-log.ts";
import { removeConversation } from "./delete-conversation.ts";
import { endMembership, targetOf } from "./end-membership.ts";
import { settleInvitations } from "./invitations.ts";
import type { LockedConversation } from "./lock-conversation.ts";
import { mayRemove } from "./permissions.ts";
import { conversationsOf } from "./subscriptions.ts";
import { tellChanges } from "./tell-changes.ts";

export interface LeaveForDeletedDeps extends ChangeConversationDeps {
  readonly db: Database;
}

/**
 * Takes a deleted account out of its groups and channels, as if its person had left, and ends the invitations and bans of
 * it [C12]. Whoever is left learns that the name is gone.
 */
export function leaveForDeletedConsumer(deps: LeaveForDeletedDeps): OutboxConsumer {
  const { db, broadcaster } = deps;
  return defineConsumer("leave-for-deleted-people", [
    onPerson(accountDeleted, async ({ userId }) => {
      const conversations = await conversationsOf(db, userId);
      const [nobody] = await findUsers(db, [userId]);
      if (nobody !== undefined) broadcaster.toConversations(conversations, "UserUpdated", nobody);
      for (const id of conversations) await leave(deps, id, userId);
      for (const id of await invitedTo(db, userId)) await declineAll(deps, id, userId);
      await db.deleteFrom("conversation_bans").where("user_id", "=", userId).execute();
    }),
  ]);
}

/** What refuses here has come true meanwhile: they are no member any more. */
async function leave(deps: LeaveForDeletedDeps, id: ConversationId, userId: UserId): Promise<void> {
  await changeConversation(deps, id, userId, async (tx, locked) => {
    const { outbox } = deps;
    const isDirect = locked.type === "direct";
    if (isDirect && (await hasReader(tx, id, userId))) return { changes: [], value: null };
    if (isDirect || locked.memberCount === 1)
      return { ...(await removeConversation(tx, outbox, id, userId)), value: null };
    const passed = await passOwnershipOn(tx, outbox, locked, userId);
    return { changes: [...passed, ...(await endMembership(tx, outbox, locked, userId, userId))], value: null };
  });
}

/** Whether anybody can read the direct conversation: its other person, unless their account is deleted too. */
async function hasReader(tx: Transactor, id: ConversationId, userId: UserId): Promise<boolean> {
  const { rows } = await sql`
    select from conversation_members m join users u on u.id = m.user_id
    where m.lane = ${laneOf(id)} and m.conversation_id = ${id} and m.user_id <> ${userId} and u.deleted_at is null
  `.execute(tx);
  return rows.length > 0;
}

/** A conversation of others keeps an owner [C3]: of the highest role that is left the one who has been there longest. */
async function passOwnershipOn(
  tx: Transactor,
  outbox: Outbox,
  locked: LockedConversation,
  userId: UserId,
): Promise<AppendedChange[]> {
  const { id, role } = locked;
  const judged = mayRemove(locked, await targetOf(tx, id, locked, { userId, role, self: true }));
  if (judged.ok) return [];
  const { rows } = await sql<{ user_id: UserId; role: Role }>`
    select m.user_id, m.role from conversation_members m join users u on u.id = m.user_id
    where m.lane = ${laneOf(id)} and m.conversation_id = ${id} and m.left_pts is null and m.user_id <> ${userId}
    order by u.deleted_at is not null, m.role <> 'admin', m.joined_at, m.user_id limit 1`.execute(tx);
  const [heir] = rows;
  if (heir === undefined) return [];
  await tx
    .updateTable("conversation_members")
    .set({ role: "owner" })
    .where("lane", "=", laneOf(id))
    .where("conversation_id", "=", id)
    .where("user_id", "=", heir.user_id)
    .execute();
  const payload = { userId: heir.user_id, by: userId, from: heir.role, to: "owner" as const };
  return tellChanges(tx, outbox, locked, userId, [{ event: "MemberRoleChanged", payload }]);
}

/** Where invitations of them wait. */
async function invitedTo(db: Database, userId: UserId): Promise<ConversationId[]> {
  const { rows } = await sql<{ id: ConversationId }>`
    select distinct conversation_id as id from conversation_invitations
    where user_id = ${userId} and status = 'pending'`.execute(db);
  return rows.map(({ id }) => id);
}

async function declineAll(deps: LeaveForDeletedDeps, id: ConversationId, userId: UserId): Promise<void> {
  await changeFromOutside(deps, id, async (tx) => {
    const settling = { conversationId: id, by: userId, status: "withdrawn" as const, of: [userId] };
    return { changes: [], events: await settleInvitations(tx, deps.outbox, settling), value: null };
  });
}
