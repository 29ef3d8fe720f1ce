import { operations, registrationInviteId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineAdminOperation, type Operation } from "../../../operations/operation.ts";
import { invalid, ok } from "../../../operations/result.ts";
import type { RegistrationInviteDeps } from "./registration-invite-deps.ts";
import { inviteColumns, inviteView } from "./registration-invites.ts";

/** Ordered by id, which begins with the time and is the cursor. */
export function listRegistrationInvitesOperation({ db, clock, isAdmin }: RegistrationInviteDeps): Operation {
  return defineAdminOperation(operations.listRegistrationInvites, {
    isAdmin,
    handle: async ({ cursor, limit }) => {
      const after = cursor === undefined ? undefined : registrationInviteId.safeParse(cursor);
      if (after?.success === false) return invalid("cursor", "is not one of this list");
      const rows = await db
        .selectFrom("registration_invites")
        .select(inviteColumns)
        .where("expires_at", ">", new Date(clock.now()))
        .where(sql<boolean>`uses < max_uses`)
        .$if(after !== undefined, (query) => query.where("id", "<", after?.data ?? null))
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      const items = rows.slice(0, limit).map(inviteView);
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
