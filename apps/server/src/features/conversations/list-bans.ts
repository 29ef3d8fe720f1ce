import { laneOf, operations, userId as userIdSchema } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { mayRead } from "./find-membership.ts";

export function listBansOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listBans, {
    handle: async ({ conversationId, cursor, limit }, { userId }) => {
      const allowed = await mayRead(db, conversationId, userId, "ban");
      if (!allowed.ok) return allowed;
      const after = cursor === undefined ? undefined : userIdSchema.safeParse(cursor);
      if (after?.success === false) return invalid("cursor", "is not one of this list");
      let select = db
        .selectFrom("conversation_bans")
        .select(["user_id", "banned_by", "created_at"])
        .where("lane", "=", laneOf(conversationId))
        .where("conversation_id", "=", conversationId)
        .orderBy("user_id")
        .limit(limit + 1);
      if (after !== undefined) select = select.where("user_id", ">", after.data);
      const rows = await select.execute();
      const items = rows.slice(0, limit).map((row) => {
        return { userId: row.user_id, by: row.banned_by, createdAt: row.created_at.toISOString() };
      });
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.userId ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
