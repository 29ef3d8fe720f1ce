import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok, Refused } from "../../operations/result.ts";
import { changeFromOutside } from "./change-conversation.ts";
import { viewConversation } from "./conversation-view.ts";
import { enterConversation } from "./enter-conversation.ts";
import { findInvite, mustBeValid, updateInvite } from "./invites.ts";
import type { JoinChannelDeps } from "./join-channel.ts";
import { activeRole } from "./lock-conversation.ts";

export function acceptInviteOperation(deps: JoinChannelDeps): Operation {
  return defineOperation(operations.acceptInvite, {
    handle: async ({ token }, { userId }) => {
      const conversationId = (await findInvite(deps.db, token))?.conversation_id;
      if (conversationId === undefined) return fail("NOT_FOUND");
      const done = await changeFromOutside(deps, conversationId, async (tx, conversation, demand) => {
        if ((await activeRole(tx, conversationId, userId)) !== undefined) return { changes: [], value: null };
        const found = await findInvite(tx, token);
        demand(mustBeValid(found));
        if (found === undefined) throw new Refused({ code: "NOT_FOUND" });
        const entered = await enterConversation(tx, deps.outbox, conversation, userId, [userId]);
        await updateInvite(tx, found)
          .set((update) => ({ uses: update("uses", "+", 1) }))
          .execute();
        return { ...entered, value: null };
      });
      if (!done.ok) return done;
      const conversation = await viewConversation(deps.db, conversationId, userId);
      return conversation === undefined ? fail("NOT_FOUND") : ok({ conversation });
    },
    rest: (body) => ({ body }),
  });
}
