import { invitationId, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { invitationView, selectInvitations } from "./invitations.ts";

export function listInvitationsOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listInvitations, {
    handle: async ({ cursor, limit }, { userId }) => {
      const before = cursor === undefined ? undefined : invitationId.safeParse(cursor);
      if (before?.success === false) return invalid("cursor", "is not one of this list");
      let select = selectInvitations(db)
        .where("i.user_id", "=", userId)
        .where("i.status", "=", "pending")
        .orderBy("i.id", "desc")
        .limit(limit + 1);
      if (before !== undefined) select = select.where("i.id", "<", before.data);
      const rows = await select.execute();
      const items = rows.slice(0, limit).map(invitationView);
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
