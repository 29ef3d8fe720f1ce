import type { InboxEntry, UserId } from "@hubbub/contract";
import type { Database } from "../../ports/database.ts";
import { viewConversationsById } from "../conversations/index.ts";

/** A person's inbox after a userPts, in order. Conversations are as they are now. */
export async function readInbox(
  db: Database,
  userId: UserId,
  afterUserPts: number,
  limit: number,
): Promise<InboxEntry[]> {
  const rows = await db
    .selectFrom("user_inbox")
    .select(["user_pts as userPts", "event", "conversation_id", "actor_id", "created_at"])
    .where("user_id", "=", userId)
    .where("user_pts", ">", afterUserPts)
    .orderBy("user_pts")
    .limit(limit)
    .execute();
  const conversations = await viewConversationsById(db, userId, [...new Set(rows.map((row) => row.conversation_id))]);
  return rows.map(({ userPts, event, conversation_id: conversationId, actor_id: by, created_at }): InboxEntry => {
    const createdAt = created_at.toISOString();
    if (event === "RemovedFromConversation")
      return { userPts, createdAt, event, payload: { conversationId, by, userPts } };
    const conversation = conversations.get(conversationId);
    return conversation === undefined
      ? { userPts, event: "Hidden" }
      : { userPts, createdAt, event, payload: { conversation, userPts } };
  });
}
