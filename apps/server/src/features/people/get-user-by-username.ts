import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { FindUserDeps } from "./get-user.ts";
import { publicUser, publicUserColumns, withPresence } from "./public-user.ts";

export function getUserByUsernameOperation({ db, presenceOf }: FindUserDeps): Operation {
  return defineOperation(operations.getUserByUsername, {
    handle: async ({ username }, actor) => {
      const name = username.toLowerCase();
      const row = await db
        .selectFrom("users")
        .select(publicUserColumns)
        .where("username", "=", name)
        .where("deleted_at", "is", null)
        .executeTakeFirst();
      if (row === undefined) return fail("NOT_FOUND");
      const [user = publicUser(row)] = await withPresence([publicUser(row)], actor.userId, presenceOf);
      return ok({ user });
    },
    rest: (body) => ({ body }),
  });
}
