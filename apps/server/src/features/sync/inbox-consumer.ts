import { laneOf, type UserId } from "@hubbub/contract";
import { defineBatchConsumer, onConversation } from "../../operations/domain-event.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database } from "../../ports/database.ts";
import type { ConversationEvent, OutboxConsumer } from "../../ports/outbox.ts";
import {
  conversationCreated,
  invitationMade,
  invitationSettled,
  memberAdded,
  memberRemoved,
  viewConversationFor,
  viewInvitations,
} from "../conversations/index.ts";
import { type NewEntry, type WrittenEntry, writeEntries } from "./inbox-entries.ts";

export interface InboxDeps {
  readonly db: Database;
  readonly broadcaster: Pick<Broadcaster, "isOnline" | "toUser" | "alertUser">;
}

/**
 * Writes into people's inboxes that they were taken into, or out of, a conversation, and tells those online [L16]. What
 * waits is one transaction, so that hundreds who are added at once hear of it at once.
 */
export function inboxConsumer(deps: InboxDeps): OutboxConsumer {
  return defineBatchConsumer<NewEntry[]>(
    "inbox",
    [
      onConversation(conversationCreated, async (event) =>
        entriesOf("NewConversationCreated", event, await founders(deps.db, event)),
      ),
      onConversation(memberAdded, async (event, { userId }) => entriesOf("AddedToConversation", event, [userId])),
      onConversation(memberRemoved, async (event, { userId }) => entriesOf("RemovedFromConversation", event, [userId])),
      onConversation(invitationMade, async (event, { invitationId, userId }) =>
        entriesOf("InvitationReceived", event, [userId], invitationId),
      ),
      onConversation(invitationSettled, async (event, { invitationId, userId, invitedBy }) =>
        entriesOf("InvitationUpdated", event, [userId, invitedBy], invitationId),
      ),
    ],
    async (entries) => tell(deps, await writeEntries(deps.db, entries.flat())),
  );
}

function entriesOf(
  name: NewEntry["name"],
  event: ConversationEvent,
  people: readonly UserId[],
  subject: NewEntry["subject"] = null,
): NewEntry[] {
  return people.map((userId) => ({ name, event, userId, subject }));
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

/** In the order of the events; what is told is as it is now, of each conversation read once for all who come into it. */
async function tell({ db, broadcaster }: InboxDeps, entries: readonly WrittenEntry[]): Promise<void> {
  // invitations are alerts too, for who is on the notifications hub alone
  const heard = entries.filter(({ userId, subject }) => subject !== null || broadcaster.isOnline(userId));
  const invitations = await viewInvitations(
    db,
    heard.flatMap(({ subject }) => subject ?? []),
  );
  const coming = heard.filter(({ name }) => name === "NewConversationCreated" || name === "AddedToConversation");
  const views = new Map(
    await Promise.all(
      [...Map.groupBy(coming, ({ event }) => event.conversationId)].map(async ([id, those]) => {
        const people = those.map(({ userId }) => userId);
        return [id, await viewConversationFor(db, id, people)] as const;
      }),
    ),
  );
  for (const { name, event, userId, subject, userPts } of heard) {
    const { conversationId, actorId } = event;
    switch (name) {
      case "NewConversationCreated":
      case "AddedToConversation": {
        const conversation = views.get(conversationId)?.get(userId);
        if (conversation !== undefined) broadcaster.toUser(userId, name, { conversation, userPts });
        break;
      }
      case "RemovedFromConversation":
        broadcaster.toUser(userId, name, { conversationId, by: actorId, userPts });
        break;
      case "InvitationReceived":
      case "InvitationUpdated": {
        const invitation = subject === null ? undefined : invitations.get(subject);
        if (invitation === undefined) break;
        broadcaster.toUser(userId, name, { invitation, userPts });
        if (name === "InvitationReceived") broadcaster.alertUser(userId, name, { invitation, userPts });
        break;
      }
      default:
        name satisfies never;
    }
  }
}
