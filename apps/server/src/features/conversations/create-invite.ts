import { randomBytes } from "node:crypto";
import { laneOf, operations } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import { type ChangeConversationDeps, changeConversation } from "./change-conversation.ts";
import { inviteColumns, inviteView } from "./invites.ts";
import { may } from "./permissions.ts";

/** 128 bits: nobody finds one by trying. */
const TOKEN_BYTES = 16;

export function createInviteOperation(deps: ChangeConversationDeps): Operation {
  return defineOperation(operations.createInvite, {
    handle: async ({ conversationId, expiresInHours = null, maxUses = null }, { userId }) => {
      const done = await changeConversation(deps, conversationId, userId, async (tx, locked, demand) => {
        demand(may("manageLinks", locked));
        const value = await tx
          .insertInto("conversation_invites")
          .values({
            token: randomBytes(TOKEN_BYTES).toString("base64url"),
            lane: laneOf(conversationId),
            conversation_id: conversationId,
            created_by: userId,
            expires_at: sql`now() + make_interval(hours => ${expiresInHours}::integer)`,
            max_uses: maxUses,
          })
          .returning(inviteColumns)
          .executeTakeFirstOrThrow();
        return { changes: [], value };
      });
      return done.ok ? ok({ invite: inviteView(done.value) }) : done;
    },
    rest: (body) => ({ body }),
  });
}
