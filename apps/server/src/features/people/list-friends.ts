import { operations, userId as userIdSchema } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { friendView, selectFriends } from "./friend-view.ts";

/** Ordered by the other's id, which is the cursor. */
export function listFriendsOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listFriends, {
    handle: async ({ status, cursor, limit }, { userId }) => {
      const after = cursor === undefined ? undefined : userIdSchema.safeParse(cursor);
      if (after?.success === false) return invalid("cursor", "is not one of this list");
      const ofStatus = status === undefined ? sql`true` : sql`x.status = ${status}`;
      const beyond = after === undefined ? sql`true` : sql`x.peer_id > ${after.data}::uuid`;
      const which = sql`${ofStatus} and ${beyond}`;
      const { rows } = await selectFriends(userId, which, sql`limit ${limit + 1}`).execute(db);
      const items = rows.slice(0, limit).map(friendView);
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.userId ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
