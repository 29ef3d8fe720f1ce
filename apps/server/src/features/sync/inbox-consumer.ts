import { type InboxEventName, type InvitationId, laneOf, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineConsumer, onConversation } from "../../operations/domain-event.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import type { ConversationEvent, OutboxConsumer } from "../../ports/outbox.ts";
import {
  conversationCreated,
  invitationMade,
  invitationSettled,
  memberAdded,
  memberRemoved,
  viewConversation,
  viewInvitations,
} from "../conversations/index.ts";

export interface InboxDeps {
  readonly db: Database;
  readonly broadcaster: Broadcaster;
}

/** Writes into people's inboxes that they were taken into, or out of, a conversation, and tells those online [L16]. */
export function inboxConsumer(deps: InboxDeps): OutboxConsumer {
  const enter = async (
    name: "NewConversationCreated" | "AddedToConversation" | "RemovedFromConversation",
    event: ConversationEvent,
    people: readonly UserId[],
  ) => {
    const entries = await write(deps.db, { name, event, people, subject: null });
    for (const { user_id, user_pts } of entries)
      if (deps.broadcaster.isOnline(user_id)) await tell(deps, name, event, user_id, user_pts);
  };
  const enterInvitation = async (
    name: "InvitationReceived" | "InvitationUpdated",
    event: ConversationEvent,
    subject: InvitationId,
    people: readonly UserId[],
  ) => {
    const entries = await write(deps.db, { name, event, people, subject });
    const invitation = (await viewInvitations(deps.db, [subject])).get(subject);
    if (invitation === undefined) return;
    for (const { user_id, user_pts: userPts } of entries)
      deps.broadcaster.toUser(user_id, name, { invitation, userPts });
  };
  return defineConsumer("inbox", [
    onConversation(conversationCreated, async (event) =>
      enter("NewConversationCreated", event, await founders(deps.db, event)),
    ),
    onConversation(memberAdded, (event, { userId }) => enter("AddedToConversation", event, [userId])),
    onConversation(memberRemoved, (event, { userId }) => enter("RemovedFromConversation", event, [userId])),
    onConversation(invitationMade, (event, { invitationId, userId }) =>
      enterInvitation("InvitationReceived", event, invitationId, [userId]),
    ),
    onConversation(invitationSettled, (event, { invitationId, userId, invitedBy }) =>
      enterInvitation("InvitationUpdated", event, invitationId, [userId, invitedBy]),
    ),
  ]);
}

async function founders(db: Database, { conversationId }: ConversationEvent): Promise<UserId[]> {
  const members = await db
    .selectFrom("conversation_members")
    .select("user_id")
    .where("lane", "=", laneOf(conversationId))
    .where("conversation_id", "=", conversationId)
    .where("joined_pts", "=", 0)
    .execute();
  return members.map(({ user_id }) => user_id);
}

interface NewEntries {
  readonly name: InboxEventName;
  readonly event: ConversationEvent;
  readonly people: readonly UserId[];
  /** What it is about beside the conversation. */
  readonly subject: InvitationId | null;
}

interface Entry {
  user_id: UserId;
  user_pts: number;
}

/**
 * Users are locked in the order of their ids [L7]; who has the entry already gets no second one.
 * @returns the entries, also those that an earlier try wrote, perhaps without telling
 */
function write(db: Database, { name, event, people, subject }: NewEntries): Promise<Entry[]> {
  const { eventId, conversationId, actorId } = event;
  return db.transaction().execute(async (tx) => {
    await sql`select 1 from users where id = any(${people}::uuid[]) order by id for no key update`.execute(tx);
    if (name === "RemovedFromConversation" && (await haveComeBack(tx, event, people))) return [];
    const { rows } = await sql<Entry>`
      with numbered as (
        update users u set user_pts = user_pts + 1
        where u.id = any(${people}::uuid[]) and u.deleted_at is null
          and not exists (select 1 from user_inbox i where i.user_id = u.id and i.event_id = ${eventId}::uuid)
        returning u.id as user_id, u.user_pts
      ), written as (
        insert into user_inbox (user_id, user_pts, event, event_id, conversation_id, subject_id, actor_id)
        select n.user_id, n.user_pts, ${name}, ${eventId}::uuid, ${conversationId}::uuid, ${subject}::uuid, ${actorId}::uuid
        from numbered n
        returning user_id, user_pts
      )
      select user_id, user_pts from written
      union all
      select i.user_id, i.user_pts from user_inbox i
      where i.event_id = ${eventId}::uuid and i.user_id = any(${people}::uuid[])
    `.execute(tx);
    return rows;
  });
}

/**
 * A removal that was held up must not take away what a later addition gave. Judged under the lock of the user, behind
 * which the entry of that addition is written too.
 */
async function haveComeBack(
  tx: Transactor,
  { conversationId, pts }: ConversationEvent,
  people: readonly UserId[],
): Promise<boolean> {
  const member = await tx
    .selectFrom("conversation_members")
    .select("user_id")
    .where("lane", "=", laneOf(conversationId))
    .where("conversation_id", "=", conversationId)
    .where("user_id", "in", people)
    .where("left_pts", "is", null)
    .where("joined_pts", ">", pts)
    .executeTakeFirst();
  return member !== undefined;
}

async function tell(
  { db, broadcaster }: InboxDeps,
  event: "NewConversationCreated" | "AddedToConversation" | "RemovedFromConversation",
  { conversationId, actorId }: ConversationEvent,
  userId: UserId,
  userPts: number,
): Promise<void> {
  if (event === "RemovedFromConversation") {
    broadcaster.toUser(userId, event, { conversationId, by: actorId, userPts });
    return;
  }
  const conversation = await viewConversation(db, conversationId, userId);
  if (conversation !== undefined) broadcaster.toUser(userId, event, { conversation, userPts });
}
