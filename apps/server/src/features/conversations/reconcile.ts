import { type ConversationId, laneOf } from "@hubbub/contract";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database } from "../../ports/database.ts";

/**
 * After the outcome of a write was lost with its connection: what was committed has not been published. Brings who
 * hears these conversations back in step with who is a member, and tells them where the log stands [L20].
 */
export async function reconcile(
  db: Database,
  broadcaster: Broadcaster,
  conversationIds: readonly ConversationId[],
): Promise<void> {
  for (const conversationId of conversationIds) {
    const lane = laneOf(conversationId);
    // waits for a write that we have given up and that goes on, as it does where PostgreSQL was frozen
    const head = await db
      .selectFrom("conversations")
      .select("pts")
      .where("lane", "=", lane)
      .where("id", "=", conversationId)
      .forShare()
      .executeTakeFirst();
    const rows = await db
      .selectFrom("conversation_members")
      .select("user_id")
      .where("lane", "=", lane)
      .where("conversation_id", "=", conversationId)
      .where("left_pts", "is", null)
      .execute();
    const members = new Set(rows.map(({ user_id }) => user_id));
    const hearing = new Set(broadcaster.subscribers(conversationId));
    for (const user of hearing) if (!members.has(user)) broadcaster.unsubscribe(user, conversationId);
    for (const user of members) if (!hearing.has(user)) broadcaster.subscribe(user, conversationId);
    if (head !== undefined)
      broadcaster.toConversation(conversationId, "ConversationHead", { conversationId, pts: head.pts });
  }
}
