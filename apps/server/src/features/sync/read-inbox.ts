import type { Conversation, ConversationId, InboxEntry, InboxEventName, UserId } from "@hubbub/contract";
import type { Database } from "../../ports/database.ts";
import { viewConversationsById } from "../conversations/index.ts";

interface InboxRow {
  readonly userPts: number;
  readonly event: InboxEventName;
  readonly conversation_id: ConversationId | null;
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
    .select(["user_pts as userPts", "event", "conversation_id", "actor_id", "created_at"])
    .where("user_id", "=", userId)
    .where("user_pts", ">", afterUserPts)
    .where("user_pts", "<=", upToUserPts)
    .execute();
  const named = new Set(rows.flatMap(({ conversation_id }) => conversation_id ?? []));
  const conversations = await viewConversationsById(db, userId, [...named]);
  const byUserPts = new Map(rows.map((row) => [row.userPts, row]));
  return Array.from({ length: upToUserPts - afterUserPts }, (_, index): InboxEntry => {
    const userPts = afterUserPts + 1 + index;
    const row = byUserPts.get(userPts);
    if (row === undefined || row.conversation_id === null) return { userPts, event: "Hidden" };
    return entryView(row, row.conversation_id, conversations.get(row.conversation_id));
  });
}

function entryView(row: InboxRow, conversationId: ConversationId, conversation: Conversation | undefined): InboxEntry {
  const { userPts, event } = row;
  const createdAt = row.created_at.toISOString();
  if (event === "RemovedFromConversation")
    return { userPts, createdAt, event, payload: { conversationId, by: row.actor_id, userPts } };
  if (conversation === undefined) return { userPts, event: "Hidden" };
  if (event !== "ReadMarkUpdated") return { userPts, createdAt, event, payload: { conversation, userPts } };
  const { readSeq, deliveredSeq } = conversation.me;
  return { userPts, createdAt, event, payload: { conversationId, readSeq, deliveredSeq, userPts } };
}
