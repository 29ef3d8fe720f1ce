import { type ConversationId, laneOf, operations, type UserId } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok, Refused, refusable } from "../../operations/result.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { ConversationWriter } from "../../ports/conversation-writer.ts";
import type { Transactor } from "../../ports/database.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { appendChanges } from "./change-log.ts";
import { activeRole, lockConversation } from "./lock-conversation.ts";
import { mayRemove } from "./permissions.ts";
import { publishChanges } from "./publish-changes.ts";

export interface RemoveMemberDeps {
  readonly writer: ConversationWriter;
  readonly broadcaster: Broadcaster;
  readonly outbox: Outbox;
}

export function removeMemberOperation({ writer, broadcaster, outbox }: RemoveMemberDeps): Operation {
  return defineOperation(operations.removeMember, {
    handle: async ({ conversationId, userId: targetId }, { userId: actorId }) => {
      const done = await refusable(() =>
        writer.transaction({
          conversationId,
          work: async (tx) => {
            const { type, role, memberCount } = await lockConversation(tx, conversationId, actorId);
            const targetRole = await activeRole(tx, conversationId, targetId);
            if (targetRole === undefined) throw new Refused({ code: "NOT_FOUND" });
            const allowed = mayRemove({
              type,
              role,
              self: actorId === targetId,
              targetRole,
              otherMembers: memberCount - 1,
              otherOwners: await countOtherOwners(tx, conversationId, targetId),
            });
            if (!allowed.ok) throw new Refused(allowed.failure);
            const [removed] = await appendChanges(tx, outbox, conversationId, actorId, [
              { event: "MemberRemoved", payload: { userId: targetId, by: actorId } },
            ]);
            if (removed === undefined) throw new Error("the removal was not numbered");
            await endMembership(tx, conversationId, targetId, removed.pts);
            return [removed];
          },
          publish: (changes) => publishChanges(broadcaster, outbox, conversationId, changes),
        }),
      );
      return done.ok ? ok(null) : done;
    },
    rest: (body) => ({ body }),
  });
}

async function countOtherOwners(tx: Transactor, conversationId: ConversationId, but: UserId): Promise<number> {
  const { count } = await tx
    .selectFrom("conversation_members")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("lane", "=", laneOf(conversationId))
    .where("conversation_id", "=", conversationId)
    .where("role", "=", "owner")
    .where("left_pts", "is", null)
    .where("user_id", "!=", but)
    .executeTakeFirstOrThrow();
  return count;
}

async function endMembership(
  tx: Transactor,
  conversationId: ConversationId,
  userId: UserId,
  pts: number,
): Promise<void> {
  const lane = laneOf(conversationId);
  await tx
    .updateTable("conversation_members")
    .set({ left_pts: pts })
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
}
