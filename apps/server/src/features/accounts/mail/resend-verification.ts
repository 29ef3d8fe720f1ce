import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok } from "../../../operations/result.ts";
import type { Database } from "../../../ports/database.ts";
import type { Postbox } from "./postbox.ts";

export interface ResendVerificationDeps {
  readonly db: Database;
  readonly postbox: Postbox;
}

export function resendVerificationOperation({ db, postbox }: ResendVerificationDeps): Operation {
  return defineOperation(operations.resendVerification, {
    handle: async (_input, { userId }) => {
      const account = await db
        .selectFrom("users")
        .select(["email", "email_verified"])
        .where("id", "=", userId)
        .executeTakeFirst();
      if (account === undefined) return fail("UNAUTHENTICATED");
      if (!account.email_verified) {
        await postbox.post(db, { kind: "verifyEmail", userId, address: account.email });
        postbox.posted();
      }
      return ok(null);
    },
    rest: (body) => ({ body }),
  });
}
