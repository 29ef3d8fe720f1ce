import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok } from "../../../operations/result.ts";
import type { Database } from "../../../ports/database.ts";
import { Confirmation } from "../confirmation.ts";
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
      // a password that is changed at the same moment would not take back a mail that is not there yet
      const posted = await db.transaction().execute(async (tx) => {
        if (!(await Confirmation.holds(tx, actor, confirmed.value))) return false;
        await postbox.post(
          tx,
          { kind: "changeEmail", userId, address: email },
          { kind: "emailChangeAsked", userId, address: confirmed.value.email },
        );
        return true;
      });
      if (!posted) return fail("UNAUTHENTICATED");
      postbox.posted();
      return ok(null);
    },
    rest: (body) => ({ body }),
  });
}
