import { operations } from "@hubbub/contract";
import { definePublicOperation, type Operation } from "../../../operations/operation.ts";
import { invalid, ok } from "../../../operations/result.ts";
import type { Database } from "../../../ports/database.ts";
import type { PasswordRules } from "../password-rules.ts";
import type { Passwords } from "../passwords.ts";
import type { Sessions } from "../sessions.ts";
import { MailTokens } from "./mail-tokens.ts";
import type { Postbox } from "./postbox.ts";

export interface ResetPasswordDeps {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly passwordRules: PasswordRules;
  readonly sessions: Sessions;
  readonly tokens: MailTokens;
  readonly postbox: Postbox;
}

const notGood = () => invalid("token", "is used or too old: ask for a new link");

export function resetPasswordOperation(deps: ResetPasswordDeps): Operation {
  const { db, passwords, passwordRules, sessions, tokens, postbox } = deps;
  return definePublicOperation(operations.resetPassword, {
    handle: async ({ token, newPassword }) => {
      const mailed = await tokens.find(db, token, ["resetPassword"]);
      const account =
        mailed &&
        (await db
          .selectFrom("users")
          .select(["username", "email", "email_key"])
          .where("id", "=", mailed.userId)
          .executeTakeFirst());
      // of an address that the account has given up meanwhile nobody may set its password
      if (account === undefined || account.email_key !== mailed?.address.toLowerCase()) return notGood();
      const complaint = passwordRules.complaint(newPassword, account);
      if (complaint !== undefined) return invalid("newPassword", complaint);
      const hash = await passwords.hash(newPassword);
      const ended = await db.transaction().execute(async (tx) => {
        if (!(await tokens.use(tx, token, mailed))) return undefined;
        const { numUpdatedRows } = await tx
          .updateTable("users")
          .set({ password_hash: hash, email_verified: true })
          .where("id", "=", mailed.userId)
          .where("email_key", "=", account.email_key)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return undefined;
        await MailTokens.voidChanges(tx, mailed.userId);
        await postbox.post(tx, { kind: "passwordChanged", userId: mailed.userId, address: account.email });
        return sessions.endAllIn(tx, mailed.userId, "passwordChanged");
      });
      if (ended === undefined) return notGood();
      for (const session of ended) sessions.ended(session, "passwordChanged");
      postbox.posted();
      return ok(null);
    },
    rest: (body) => ({ body, refreshCookie: null }),
  });
}
