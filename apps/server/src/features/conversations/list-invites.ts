import { laneOf, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { mayRead } from "./find-membership.ts";
import { inviteColumns, inviteView } from "./invites.ts";

export function listInvitesOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listInvites, {
    handle: async ({ conversationId, cursor = "", limit }, { userId }) => {
      const allowed = await mayRead(db, conversationId, userId, "manageLinks");
      if (!allowed.ok) return allowed;
      const rows = await db
        .selectFrom("conversation_invites")
        .select(inviteColumns)
        .where("lane", "=", laneOf(conversationId))
        .where("conversation_id", "=", conversationId)
        .where("revoked_at", "is", null)
        .where("token", ">", cursor)
        .orderBy("token")
        .limit(limit + 1)
        .execute();
      const items = rows.slice(0, limit).map(inviteView);
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.token ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
