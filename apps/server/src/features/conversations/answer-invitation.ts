import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok, Refused } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { type ChangeConversationDeps, changeFromOutside } from "./change-conversation.ts";
import { enterConversation } from "./enter-conversation.ts";
import { invitationView, selectInvitations, settleInvitations } from "./invitations.ts";
import { activeRole } from "./lock-conversation.ts";

export interface AnswerInvitationDeps extends ChangeConversationDeps {
  readonly db: Database;
}

/** The same answer again changes nothing. */
export function answerInvitationOperation(deps: AnswerInvitationDeps): Operation {
  return defineOperation(operations.answerInvitation, {
    handle: async ({ invitationId, status }, { userId }) => {
      const find = (db: Database) =>
        selectInvitations(db).where("i.id", "=", invitationId).where("i.user_id", "=", userId).executeTakeFirst();
      const conversationId = (await find(deps.db))?.conversation_id;
      if (conversationId === undefined) return fail("NOT_FOUND");
      const done = await changeFromOutside(deps, conversationId, async (tx, conversation) => {
        const before = await find(tx);
        if (before === undefined || before.status === "withdrawn") throw new Refused({ code: "NOT_FOUND" });
        if (before.status !== "pending" && before.status !== status)
          throw new Refused({ code: "CONFLICT", detail: `This invitation was ${before.status} already.` });
        const isMember = (await activeRole(tx, conversationId, userId)) !== undefined;
        const entered =
          status === "accepted" && before.status === "pending" && !isMember
            ? await enterConversation(tx, deps.outbox, conversation, userId, [userId])
            : { changes: [], events: [] };
        const settled = await settleInvitations(tx, deps.outbox, { conversationId, by: userId, status, of: [userId] });
        return { changes: entered.changes, events: [...entered.events, ...settled], value: await find(tx) };
      });
      if (!done.ok) return done;
      return done.value === undefined ? fail("NOT_FOUND") : ok({ invitation: invitationView(done.value) });
    },
    rest: (body) => ({ body }),
  });
}
