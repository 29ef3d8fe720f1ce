import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { findUsers } from "./public-user.ts";

export function getUserOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.getUser, {
    handle: async ({ userId }) => {
      const [user] = await findUsers(db, [userId]);
      return user === undefined ? fail("NOT_FOUND") : ok({ user });
    },
    rest: (body) => ({ body }),
  });
}
