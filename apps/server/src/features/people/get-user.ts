import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { findUsers, type PresenceOf, withPresence } from "./public-user.ts";

export interface FindUserDeps {
  readonly db: Database;
  readonly presenceOf: PresenceOf;
}

export function getUserOperation({ db, presenceOf }: FindUserDeps): Operation {
  return defineOperation(operations.getUser, {
    handle: async ({ userId }, actor) => {
      const [user] = await withPresence(await findUsers(db, [userId]), actor.userId, presenceOf);
      return user === undefined ? fail("NOT_FOUND") : ok({ user });
    },
    rest: (body) => ({ body }),
  });
}
