import { laneOf, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { type ChangeConversationDeps, changeConversation } from "./change-conversation.ts";
import { endMembership } from "./end-membership.ts";
import { settleInvitations } from "./invitations.ts";
import { activeRole } from "./lock-conversation.ts";
import { mustExist } from "./must-exist.ts";
import { may, mayActAbove } from "./permissions.ts";

/** Also for who is no member: they are kept out before they come. Once more changes nothing. */
export function banMemberOperation(deps: ChangeConversationDeps): Operation {
  return defineOperation(operations.banMember, {
    handle: ({ conversationId, userId }, { userId: by }) =>
      changeConversation(deps, conversationId, by, async (tx, locked, demand) => {
        demand(may("ban", locked));
        await mustExist(tx, [userId]);
        const role = await activeRole(tx, conversationId, userId);
        if (role !== undefined) demand(mayActAbove("ban", locked, role));
        await tx
          .insertInto("conversation_bans")
          .values({ lane: laneOf(conversationId), conversation_id: conversationId, user_id: userId, banned_by: by })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const changes = role === undefined ? [] : await endMembership(tx, deps.outbox, locked, userId, by);
        const settling = { conversationId, by, status: "withdrawn" as const, of: [userId] };
        return { changes, events: await settleInvitations(tx, deps.outbox, settling), value: null };
      }),
    rest: (body) => ({ body }),
  });
}
