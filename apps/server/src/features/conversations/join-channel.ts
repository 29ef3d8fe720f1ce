import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok, Refused } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { type ChangeConversationDeps, changeFromOutside } from "./change-conversation.ts";
import { viewConversation } from "./conversation-view.ts";
import { enterConversation } from "./enter-conversation.ts";
import { activeRole } from "./lock-conversation.ts";

export interface JoinChannelDeps extends ChangeConversationDeps {
  readonly db: Database;
}

export function joinChannelOperation(deps: JoinChannelDeps): Operation {
  return defineOperation(operations.joinChannel, {
    handle: async ({ conversationId }, { userId }) => {
      const done = await changeFromOutside(deps, conversationId, async (tx, conversation) => {
        if ((await activeRole(tx, conversationId, userId)) !== undefined) return { changes: [], value: null };
        if (conversation.visibility !== "public") throw new Refused({ code: "NOT_FOUND" });
        const entered = await enterConversation(tx, deps.outbox, conversation, userId, [userId]);
        return { ...entered, value: null };
      });
      if (!done.ok) return done;
      const conversation = await viewConversation(deps.db, conversationId, userId);
      return conversation === undefined ? fail("NOT_FOUND") : ok({ conversation });
    },
    rest: (body) => ({ body }),
  });
}
