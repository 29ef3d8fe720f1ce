import type { ConversationId, UserId } from "@hubbub/contract";
import type { Database } from "../../ports/database.ts";

/** The conversations that a person's connections hear. */
export async function conversationsOf(db: Database, userId: UserId): Promise<ConversationId[]> {
  const rows = await db
    .selectFrom("conversation_members")
    .select("conversation_id")
    .where("user_id", "=", userId)
    .where("left_pts", "is", null)
    .execute();
  return rows.map((row) => row.conversation_id);
}
