import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import type { Postbox } from "./mail/postbox.ts";
import type { PasswordRules } from "./password-rules.ts";
import type { Passwords } from "./passwords.ts";
import type { Sessions } from "./sessions.ts";

export interface ChangePasswordDeps {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly passwordRules: PasswordRules;
  readonly sessions: Sessions;
  readonly postbox: Postbox;
}

const wrong = () => fail("INVALID_CREDENTIALS", "The current password is wrong.");

export function changePasswordOperation({
  db,
  passwords,
  passwordRules,
  sessions,
  postbox,
}: ChangePasswordDeps): Operation {
  return defineOperation(operations.changePassword, {
    handle: async ({ currentPassword, newPassword }, actor) => {
      const account = await db
        .selectFrom("users")
        .select(["username", "email", "password_hash"])
        .where("id", "=", actor.userId)
        .executeTakeFirst();
      if (account === undefined) return fail("UNAUTHENTICATED");
      const complaint = passwordRules.complaint(newPassword, account);
      if (complaint !== undefined) return invalid("newPassword", complaint);
      const right = await passwords.verify(currentPassword, account.password_hash ?? undefined);
      if (account.password_hash === null || !right) return wrong();
      const hash = await passwords.hash(newPassword);
      // of two changes at once one comes second, and its current password is not the current one any more
      const notice = { kind: "passwordChanged", userId: actor.userId, address: account.email } as const;
      const changed = await sessions.changePassword(actor, account.password_hash, hash, (tx) =>
        postbox.post(tx, notice),
      );
      if (!changed) return wrong();
      postbox.posted();
      return ok(null);
    },
    rest: (body) => ({ body }),
  });
}
