import {
  type Conversation,
  type ConversationId,
  type InboxEntry,
  type InboxEventName,
  invitationId,
  type UserId,
  userId as userIdSchema,
} from "@hubbub/contract";
import type { Database } from "../../ports/database.ts";
import { viewConversationsById, viewInvitations } from "../conversations/index.ts";
import { isPersonal, type PersonalEventName, type PersonalRow, viewPersonalEntries } from "../people/index.ts";

interface InboxRow {
  readonly userPts: number;
  readonly event: InboxEventName;
  readonly conversation_id: ConversationId | null;
  readonly subject_id: string | null;
  readonly actor_id: UserId;
  readonly created_at: Date;
}

/**
 * A person's inbox after a userPts and up to another one, every number of it, in order. Conversations and marks are as
 * they are now; a number whose read mark a later entry tells of is `Hidden`.
 */
export async function readInbox(
  db: Database,
  userId: UserId,
  afterUserPts: number,
  upToUserPts: number,
): Promise<InboxEntry[]> {
  const rows = await db
    .selectFrom("user_inbox")
    .select(["user_pts as userPts", "event", "conversation_id", "subject_id", "actor_id", "created_at"])
    .where("user_id", "=", userId)
    .where("user_pts", ">", afterUserPts)
    .where("user_pts", "<=", upToUserPts)
    .execute();
  const named = new Set(rows.flatMap(({ conversation_id }) => conversation_id ?? []));
  const conversations = await viewConversationsById(db, userId, [...named]);
  const subjects = rows.flatMap(({ event, subject_id }) =>
    isInvitation(event) ? [invitationId.parse(subject_id)] : [],
  );
  const invitations = await viewInvitations(db, subjects);
  const personal = await viewPersonalEntries(db, userId, rows.flatMap(personalRow));
  const byUserPts = new Map(rows.map((row) => [row.userPts, row]));
  return Array.from({ length: upToUserPts - afterUserPts }, (_, index): InboxEntry => {
    const userPts = afterUserPts + 1 + index;
    const row = byUserPts.get(userPts);
    if (row === undefined) return { userPts, event: "Hidden" };
    const { event, created_at, subject_id } = row;
    const createdAt = created_at.toISOString();
    if (isPersonal(event)) {
      const entry = personal.get(userPts);
      return entry === undefined ? { userPts, event: "Hidden" } : { userPts, createdAt, ...entry };
    }
    if (!isInvitation(event)) {
      const { conversation_id: id } = row;
      return id === null ? { userPts, event: "Hidden" } : entryView({ ...row, event }, id, conversations.get(id));
    }
    const invitation = invitations.get(invitationId.parse(subject_id));
    if (invitation === undefined) return { userPts, event: "Hidden" };
    return { userPts, createdAt, event, payload: { invitation, userPts } };
  });
}

function personalRow({ userPts, event, subject_id, conversation_id: conversationId }: InboxRow): PersonalRow[] {
  const subjectId = subject_id === null ? null : userIdSchema.parse(subject_id);
  return isPersonal(event) ? [{ userPts, event, subjectId, conversationId }] : [];
}

type InvitationEvent = Extract<InboxEventName, `Invitation${string}`>;

const isInvitation = (event: InboxEventName): event is InvitationEvent => event.startsWith("Invitation");

interface ConversationRow extends InboxRow {
  readonly event: Exclude<InboxEventName, InvitationEvent | PersonalEventName>;
}

function entryView(
  row: ConversationRow,
  conversationId: ConversationId,
  conversation: Conversation | undefined,
): InboxEntry {
  const { userPts, event } = row;
  const createdAt = row.created_at.toISOString();
  if (event === "RemovedFromConversation")
    return { userPts, createdAt, event, payload: { conversationId, by: row.actor_id, userPts } };
  if (conversation === undefined) return { userPts, event: "Hidden" };
  if (event !== "ReadMarkUpdated") return { userPts, createdAt, event, payload: { conversation, userPts } };
  const { readSeq, deliveredSeq } = conversation.me;
  return { userPts, createdAt, event, payload: { conversationId, readSeq, deliveredSeq, userPts } };
}
