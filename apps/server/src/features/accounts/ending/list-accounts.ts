import { operations, type UserId, userId } from "@hubbub/contract";
import { defineAdminOperation, type Operation } from "../../../operations/operation.ts";
import { invalid, ok } from "../../../operations/result.ts";
import type { Database } from "../../../ports/database.ts";
import { accountColumns, accountView } from "./account-view.ts";

export interface ListAccountsDeps {
  readonly db: Database;
  readonly isAdmin: (user: UserId) => Promise<boolean>;
}

/** Ordered by id, which begins with the time and is the cursor. */
export function listAccountsOperation({ db, isAdmin }: ListAccountsDeps): Operation {
  return defineAdminOperation(operations.listAccounts, {
    isAdmin,
    handle: async ({ query, cursor, limit }) => {
      let select = db
        .selectFrom("users")
        .select(accountColumns)
        .where("deleted_at", "is", null)
        .orderBy("id", "desc")
        .limit(limit + 1);
      if (cursor !== undefined) {
        const before = userId.safeParse(cursor);
        if (!before.success) return invalid("cursor", "is not one of this list");
        select = select.where("id", "<", before.data);
      }
      const text = query?.trim().toLowerCase() ?? "";
      if (text !== "") {
        const begins = `${text.replace(/[\\%_]/g, "\\$&")}%`;
        select = select.where((or) =>
          or.or([
            or("username", "like", begins),
            or("email_key", "like", begins),
            or((each) => each.fn<string>("lower", ["display_name"]), "like", begins),
          ]),
        );
      }
      const rows = await select.execute();
      const items = rows.slice(0, limit).map(accountView);
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
