import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok } from "../../../operations/result.ts";
import type { Database } from "../../../ports/database.ts";
import type { Confirmation } from "../confirmation.ts";
import type { Postbox } from "./postbox.ts";

export interface ChangeEmailDeps {
  readonly db: Database;
  readonly confirmation: Confirmation;
  readonly postbox: Postbox;
}

/** Both addresses are told; the new one takes the place of the old one by `verifyEmail`. */
export function changeEmailOperation({ db, confirmation, postbox }: ChangeEmailDeps): Operation {
  return defineOperation(operations.changeEmail, {
    handle: async ({ email, password }, actor) => {
      const confirmed = await confirmation.of(actor, password);
      if (!confirmed.ok) return confirmed;
      const taken = await db
        .selectFrom("users")
        .select("id")
        .where("email_key", "=", email.toLowerCase())
        .where("id", "<>", actor.userId)
        .executeTakeFirst();
      if (taken !== undefined) return fail("EMAIL_TAKEN");
      const { userId } = actor;
      await postbox.post(
        db,
        { kind: "changeEmail", userId, address: email },
        { kind: "emailChangeAsked", userId, address: confirmed.value.email },
      );
      postbox.posted();
      return ok(null);
    },
    rest: (body) => ({ body }),
  });
}
