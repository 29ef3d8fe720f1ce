import { type Friend, operations, type UserId, userId as userIdSchema } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { friendView, selectFriends } from "./friend-view.ts";

/** The newest request first, also among those that were accepted. */
export function listFriendsOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listFriends, {
    handle: async ({ status, cursor, limit }, { userId }) => {
      const after = cursor === undefined ? undefined : parseCursor(cursor);
      if (cursor !== undefined && after === undefined) return invalid("cursor", "is not one of this list");
      const ofStatus = status === undefined ? sql`true` : sql`x.status = ${status}`;
      const beyond =
        after === undefined ? sql`true` : sql`(x.requested_at, x.peer_id) < (${after.requestedAt}, ${after.id}::uuid)`;
      const which = sql`${ofStatus} and ${beyond}`;
      const { rows } = await selectFriends(userId, which, sql`limit ${limit + 1}`).execute(db);
      const items = rows.slice(0, limit).map(friendView);
      const last = rows.length > limit ? items.at(-1) : undefined;
      return ok({ items, nextCursor: last === undefined ? null : formatCursor(last) });
    },
    rest: (body) => ({ body }),
  });
}

function formatCursor({ requestedAt, userId }: Friend): string {
  return `${Date.parse(requestedAt)}_${userId}`;
}

function parseCursor(cursor: string): { readonly requestedAt: Date; readonly id: UserId } | undefined {
  const [time = "", id] = cursor.split("_");
  const parsed = userIdSchema.safeParse(id);
  return /^\d{1,15}$/.test(time) && parsed.success
    ? { requestedAt: new Date(Number(time)), id: parsed.data }
    : undefined;
}
