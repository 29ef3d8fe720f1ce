import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { findUsers } from "./public-user.ts";

export function getOwnUserOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.getOwnUser, {
    handle: async (_input, actor) => {
      const [user] = await findUsers(db, [actor.userId]);
      return user === undefined ? fail("UNAUTHENTICATED") : ok({ user });
    },
    rest: (body) => ({ body }),
  });
}
