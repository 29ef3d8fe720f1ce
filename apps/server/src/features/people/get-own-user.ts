import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { ownUser, ownUserColumns } from "./public-user.ts";

export function getOwnUserOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.getOwnUser, {
    handle: async (_input, { userId }) => {
      const row = await db
        .selectFrom("users")
        .select(ownUserColumns)
        .where("id", "=", userId)
        .where("deleted_at", "is", null)
        .executeTakeFirst();
      return row === undefined ? fail("UNAUTHENTICATED") : ok({ user: ownUser(row) });
    },
    rest: (body) => ({ body }),
  });
}
