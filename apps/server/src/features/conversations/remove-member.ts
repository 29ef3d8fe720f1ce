import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { Refused } from "../../operations/result.ts";
import { type ChangeConversationDeps, changeConversation } from "./change-conversation.ts";
import { endMembership, targetOf } from "./end-membership.ts";
import { activeRole } from "./lock-conversation.ts";
import { mayRemove } from "./permissions.ts";

export function removeMemberOperation(deps: ChangeConversationDeps): Operation {
  return defineOperation(operations.removeMember, {
    handle: ({ conversationId, userId }, { userId: by }) =>
      changeConversation(deps, conversationId, by, async (tx, locked, demand) => {
        const role = await activeRole(tx, conversationId, userId);
        if (role === undefined) throw new Refused({ code: "NOT_FOUND" });
        demand(mayRemove(locked, await targetOf(tx, conversationId, locked, { userId, role, self: userId === by })));
        return { changes: await endMembership(tx, deps.outbox, locked, userId, by), value: null };
      }),
    rest: (body) => ({ body }),
  });
}
