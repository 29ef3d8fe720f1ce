import { laneOf, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { type ChangeConversationDeps, changeConversation } from "./change-conversation.ts";
import { may } from "./permissions.ts";

export function unbanMemberOperation(deps: ChangeConversationDeps): Operation {
  return defineOperation(operations.unbanMember, {
    handle: ({ conversationId, userId }, { userId: by }) =>
      changeConversation(deps, conversationId, by, async (tx, locked, demand) => {
        demand(may("ban", locked));
        await tx
          .deleteFrom("conversation_bans")
          .where("lane", "=", laneOf(conversationId))
          .where("conversation_id", "=", conversationId)
          .where("user_id", "=", userId)
          .execute();
        return { changes: [], value: null };
      }),
    rest: (body) => ({ body }),
  });
}
