import { laneOf, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok, Refused } from "../../operations/result.ts";
import { type ChangeConversationDeps, changeConversation } from "./change-conversation.ts";
import { targetOf } from "./end-membership.ts";
import { activeRole } from "./lock-conversation.ts";
import { memberView } from "./member-view.ts";
import { mayChangeRole } from "./permissions.ts";
import { tellChanges } from "./tell-changes.ts";

export function changeMemberRoleOperation(deps: ChangeConversationDeps): Operation {
  return defineOperation(operations.changeMemberRole, {
    handle: async ({ conversationId, userId, role: to }, { userId: by }) => {
      const done = await changeConversation(deps, conversationId, by, async (tx, locked, demand) => {
        const from = await activeRole(tx, conversationId, userId);
        if (from === undefined) throw new Refused({ code: "NOT_FOUND" });
        const self = userId === by;
        demand(mayChangeRole(locked, await targetOf(tx, conversationId, locked, { userId, role: from, self }), to));
        const value = await tx
          .updateTable("conversation_members")
          .set({ role: to })
          .where("lane", "=", laneOf(conversationId))
          .where("conversation_id", "=", conversationId)
          .where("user_id", "=", userId)
          .returning(["user_id", "role", "joined_at"])
          .executeTakeFirstOrThrow();
        if (from === to) return { changes: [], value };
        const changes = await tellChanges(tx, deps.outbox, locked, by, [
          { event: "MemberRoleChanged", payload: { userId, by, from, to } },
        ]);
        return { changes, value };
      });
      return done.ok ? ok({ member: memberView(done.value) }) : done;
    },
    rest: (body) => ({ body }),
  });
}
