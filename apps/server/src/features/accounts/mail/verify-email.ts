import { operations } from "@hubbub/contract";
import { sql } from "kysely";
import { definePublicOperation, type Operation } from "../../../operations/operation.ts";
import { invalid, ok, Refused, refusable } from "../../../operations/result.ts";
import type { Database, Transactor } from "../../../ports/database.ts";
import type { MailedTo, MailTokens } from "./mail-tokens.ts";
import type { Postbox } from "./postbox.ts";

export interface VerifyEmailDeps {
  readonly db: Database;
  readonly tokens: MailTokens;
  readonly postbox: Postbox;
}

const notGood = () => invalid("token", "is used or too old: ask for a new link");

export function verifyEmailOperation({ db, tokens, postbox }: VerifyEmailDeps): Operation {
  return definePublicOperation(operations.verifyEmail, {
    handle: async ({ token }) => {
      const mailed = await tokens.find(db, token, ["verifyEmail", "changeEmail"]);
      if (mailed === undefined) return notGood();
      const done = await refusable(() =>
        db.transaction().execute(async (tx) => {
          if (!(await tokens.use(tx, token, mailed))) return false;
          return mailed.purpose === "verifyEmail" ? confirm(tx, mailed) : replace(tx, mailed, postbox);
        }),
      );
      if (!done.ok) return done;
      postbox.posted();
      return done.value ? ok(null) : notGood();
    },
    rest: (body) => ({ body }),
  });
}

/** @returns false if the account has another address by now */
async function confirm(tx: Transactor, { userId, address }: MailedTo): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("users")
    .set({ email_verified: true })
    .where("id", "=", userId)
    .where("email_key", "=", address.toLowerCase())
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The new address has proved itself; the old one is told. */
async function replace(tx: Transactor, { userId, address }: MailedTo, postbox: Postbox): Promise<boolean> {
  const before = await tx.selectFrom("users").select("email").where("id", "=", userId).forUpdate().executeTakeFirst();
  if (before === undefined) return false;
  const { rows } = await sql<{ taken: boolean }>`select take_email(${userId}, ${address}) as taken`.execute(tx);
  if (rows[0]?.taken !== true) throw new Refused({ code: "EMAIL_TAKEN" });
  // links that were sent to the old address are good for nothing any more
  await tx.deleteFrom("mail_tokens").where("user_id", "=", userId).execute();
  await postbox.post(tx, { kind: "emailChanged", userId, address: before.email });
  return true;
}
