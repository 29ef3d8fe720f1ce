import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { publicUser, publicUserColumns } from "./public-user.ts";

export function getUserByUsernameOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.getUserByUsername, {
    handle: async ({ username }) => {
      const name = username.toLowerCase();
      const row = await db
        .selectFrom("users")
        .select(publicUserColumns)
        .where("username", "=", name)
        .executeTakeFirst();
      return row === undefined ? fail("NOT_FOUND") : ok({ user: publicUser(row) });
    },
    rest: (body) => ({ body }),
  });
}
