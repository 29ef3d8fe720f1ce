import { operations } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { type ChangeConversationDeps, changeConversation } from "./change-conversation.ts";
import { findInvite, updateInvite } from "./invites.ts";
import { may } from "./permissions.ts";

/** For a stranger who holds it there is nothing to revoke. Once more changes nothing. */
export function revokeInviteOperation(deps: ChangeConversationDeps & { readonly db: Database }): Operation {
  return defineOperation(operations.revokeInvite, {
    handle: async ({ token }, { userId }) => {
      const found = await findInvite(deps.db, token);
      if (found === undefined) return fail("NOT_FOUND");
      return changeConversation(deps, found.conversation_id, userId, async (tx, locked, demand) => {
        demand(may("manageLinks", locked));
        await updateInvite(tx, found).set({ revoked_at: sql`coalesce(revoked_at, now())` }).execute();
        return { changes: [], value: null };
      });
    },
    rest: (body) => ({ body }),
  });
}
