import { createHash, createHmac } from "node:crypto";
import type { UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Clock } from "../../../ports/clock.ts";
import type { Database, Transactor } from "../../../ports/database.ts";
import { linkMinutes, type MailPurpose } from "./letters.ts";

const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();

export interface MailedTo {
  readonly userId: UserId;
  readonly purpose: MailPurpose;
  readonly address: string;
}

/** Tokens of 256 bits in links, each good once. They are derived from their mail, and only their hashes are stored. */
export class MailTokens {
  readonly #key: Uint8Array;
  readonly #clock: Clock;

  constructor(key: Uint8Array, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  /**
   * The same for every try to send the mail. Under the mail's lock: who takes it back while it is on its way waits, and
   * takes the token with it.
   * @returns undefined if it has been taken back
   */
  async issue(db: Database, mail: string, { userId, purpose, address }: MailedTo): Promise<string | undefined> {
    const token = createHmac("sha256", this.#key).update(mail).digest("base64url");
    const expiresAt = new Date(this.#clock.now() + linkMinutes[purpose] * 60_000);
    const { rows } = await sql`
      with waiting as (select id from mails where id = ${mail} for update)
      insert into mail_tokens (id, hash, user_id, purpose, address, expires_at)
      select w.id, ${hashOf(token)}, ${userId}::uuid, ${purpose}, ${address}, ${expiresAt}::timestamptz from waiting w
      on conflict (id) do update set expires_at = excluded.expires_at
      returning id`.execute(db);
    return rows.length === 0 ? undefined : token;
  }

  /** Whose a token is, while it is good. */
  find(db: Database, token: string, purposes: readonly MailPurpose[]): Promise<MailedTo | undefined> {
    return db
      .selectFrom("mail_tokens")
      .select(["user_id as userId", "purpose", "address"])
      .where("hash", "=", hashOf(token))
      .where("purpose", "in", purposes)
      .where("expires_at", ">", new Date(this.#clock.now()))
      .executeTakeFirst();
  }

  /** Uses a token up, and with it all others of the person for the same purpose. @returns false if it is not good any more */
  async use(tx: Transactor, token: string, { userId, purpose }: MailedTo): Promise<boolean> {
    // first, as by whoever changes the account and takes its links away then
    await tx.selectFrom("users").select("id").where("id", "=", userId).forNoKeyUpdate().execute();
    const used = await tx
      .deleteFrom("mail_tokens")
      .where("hash", "=", hashOf(token))
      .where("expires_at", ">", new Date(this.#clock.now()))
      .returning("id")
      .executeTakeFirst();
    if (used === undefined) return false;
    await tx.deleteFrom("mail_tokens").where("user_id", "=", userId).where("purpose", "=", purpose).execute();
    return true;
  }

  /** A new password ends what somebody with the old one may have begun. */
  static async voidChanges(tx: Transactor, userId: UserId): Promise<void> {
    await tx.deleteFrom("mails").where("user_id", "=", userId).where("kind", "=", "changeEmail").execute();
    await tx
      .deleteFrom("mail_tokens")
      .where("user_id", "=", userId)
      .where("purpose", "in", ["changeEmail", "resetPassword"])
      .execute();
  }

  /** The account is no more: nothing is on its way to it, and no link opens it. */
  static async voidAll(tx: Transactor, userId: UserId): Promise<void> {
    await tx.deleteFrom("mails").where("user_id", "=", userId).execute();
    await tx.deleteFrom("mail_tokens").where("user_id", "=", userId).execute();
  }

  async cleanUp(db: Database): Promise<void> {
    await db.deleteFrom("mail_tokens").where("expires_at", "<=", new Date(this.#clock.now())).execute();
  }
}
