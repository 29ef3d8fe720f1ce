import { operations, passkeyId } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import { invalid, ok } from "../../../operations/result.ts";
import type { Database } from "../../../ports/database.ts";
import { passkeyColumns, passkeyView } from "./passkeys.ts";

/** Ordered by id, which begins with the time and is the cursor. */
export function listPasskeysOperation(db: Database): Operation {
  return defineOperation(operations.listPasskeys, {
    handle: async ({ cursor, limit }, { userId }) => {
      const after = cursor === undefined ? undefined : passkeyId.safeParse(cursor);
      if (after?.success === false) return invalid("cursor", "is not one of this list");
      const rows = await db
        .selectFrom("passkeys")
        .select(passkeyColumns)
        .where("user_id", "=", userId)
        .$if(after !== undefined, (query) => query.where("id", "<", after?.data ?? null))
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      const items = rows.slice(0, limit).map(passkeyView);
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
