import { type ConversationId, laneOf, type UserId } from "@hubbub/contract";
import type { Transactor } from "../../ports/database.ts";
import type { Outbox } from "../../ports/outbox.ts";
import type { AppendedChange } from "./change-log.ts";
import type { LockedConversation } from "./lock-conversation.ts";
import type { Target } from "./permissions.ts";
import { tellChanges } from "./tell-changes.ts";

/** The one way out of a conversation that goes on [L13]. The caller holds its lock and has judged. */
export async function endMembership(
  tx: Transactor,
  outbox: Outbox,
  conversation: LockedConversation,
  userId: UserId,
  by: UserId,
): Promise<AppendedChange[]> {
  const conversationId = conversation.id;
  const appended = await tellChanges(tx, outbox, conversation, by, [
    { event: "MemberRemoved", payload: { userId, by } },
  ]);
  const removed = appended[0];
  if (removed === undefined) throw new Error("the removal was not numbered");
  const lane = laneOf(conversationId);
  await tx
    .updateTable("conversation_members")
    .set({ left_pts: removed.pts })
    .where("lane", "=", lane)
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .execute();
  await tx
    .deleteFrom("conversation_settings")
    .where("lane", "=", lane)
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .execute();
  await tx
    .updateTable("conversations")
    .set((update) => ({ member_count: update("member_count", "-", 1) }))
    .where("lane", "=", lane)
    .where("id", "=", conversationId)
    .execute();
  return appended;
}

/** Who is acted upon, as the rules want to know them. */
export async function targetOf(
  tx: Transactor,
  conversationId: ConversationId,
  { memberCount }: LockedConversation,
  { userId, role, self }: { readonly userId: UserId } & Pick<Target, "role" | "self">,
): Promise<Target> {
  const otherOwners = await tx
    .selectFrom("conversation_members")
    .select("user_id")
    .where("lane", "=", laneOf(conversationId))
    .where("conversation_id", "=", conversationId)
    .where("role", "=", "owner")
    .where("left_pts", "is", null)
    .where("user_id", "!=", userId)
    .limit(1)
    .execute();
  return { self, role, otherMembers: memberCount - 1, otherOwners: otherOwners.length };
}
