import { type Identity, newUserId, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { Refused, type Result, refusable } from "../../../operations/result.ts";
import type { Database, Transactor } from "../../../ports/database.ts";
import type { Registration } from "../register.ts";
import { lockWaysToSignIn } from "../ways-to-sign-in.ts";
import { displayNameFor, usernamesFor } from "./free-name.ts";
import type { Profile } from "./profile.ts";

export interface IdentitiesSettings {
  /** Who comes by a provider alone brings no invitation: their accounts need `open`. */
  readonly registration: Registration;
}

/** Which account is whose with a provider. */
export class Identities {
  readonly #db: Database;
  readonly #settings: IdentitiesSettings;

  constructor(db: Database, settings: IdentitiesSettings) {
    this.#db = db;
    this.#settings = settings;
  }

  /**
   * The account of whom a provider vouches for: the linked one, or the one with the same address if both sides have
   * verified it, or a new one.
   * Fails with EMAIL_TAKEN, REGISTRATION_CLOSED, or FORBIDDEN for a new account without an address.
   */
  accountOf(profile: Profile): Promise<Result<UserId>> {
    return refusable(() =>
      this.#db.transaction().execute(async (tx) => {
        await lockSubject(tx, profile);
        const linked = await linkedTo(tx, profile);
        if (linked !== undefined) return linked;
        const user = (await this.#accountByEmail(tx, profile)) ?? (await this.#create(tx, profile));
        await insert(tx, user, profile);
        return user;
      }),
    );
  }

  /** Fails with CONFLICT if it is linked to another account, or the account to another of the same provider. */
  link(user: UserId, profile: Profile): Promise<Result<Identity>> {
    return refusable(() =>
      this.#db.transaction().execute(async (tx) => {
        await lockSubject(tx, profile);
        const linked = await linkedTo(tx, profile);
        if (linked !== undefined && linked !== user)
          throw new Refused({ code: "CONFLICT", detail: "This is linked to another account here." });
        if (linked === undefined) await insert(tx, user, profile);
        const row = await tx
          .selectFrom("identities")
          .select(["provider", "email", "created_at"])
          .where("provider", "=", profile.provider)
          .where("subject", "=", profile.subject)
          .executeTakeFirstOrThrow();
        return identityView(row);
      }),
    );
  }

  /** Fails with NOT_FOUND, and with CONFLICT for the last way to sign in. */
  unlink(user: UserId, provider: string): Promise<Result<null>> {
    return refusable(() =>
      this.#db.transaction().execute(async (tx) => {
        const { total } = await lockWaysToSignIn(tx, user);
        const { numDeletedRows } = await tx
          .deleteFrom("identities")
          .where("user_id", "=", user)
          .where("provider", "=", provider)
          .executeTakeFirst();
        if (numDeletedRows === 0n) throw new Refused({ code: "NOT_FOUND" });
        if (total === 1)
          throw new Refused({ code: "CONFLICT", detail: "This is the only way to sign in to this account." });
        return null;
      }),
    );
  }

  async #accountByEmail(tx: Transactor, { email, emailVerified }: Profile): Promise<UserId | undefined> {
    if (email === undefined) return undefined;
    const account = await tx
      .selectFrom("users")
      .select(["id", "email_verified"])
      .where("email_key", "=", email.toLowerCase())
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (account === undefined) return undefined;
    if (emailVerified && account.email_verified) return account.id;
    // whoever registered the address first, here or there, need not be its owner
    throw new Refused({ code: "EMAIL_TAKEN" });
  }

  async #create(tx: Transactor, profile: Profile): Promise<UserId> {
    if (this.#settings.registration !== "open") throw new Refused({ code: "REGISTRATION_CLOSED" });
    const { email } = profile;
    if (email === undefined || email.length > 254)
      throw new Refused({ code: "FORBIDDEN", detail: "The provider tells no e-mail address, which an account needs." });
    for (const username of usernamesFor(profile)) {
      const made = await tx
        .insertInto("users")
        .values({
          id: newUserId(),
          username,
          email,
          email_key: email.toLowerCase(),
          email_verified: profile.emailVerified,
          display_name: displayNameFor(profile, username),
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning("id")
        .executeTakeFirst();
      if (made !== undefined) return made.id;
      const sameMail = tx.selectFrom("users").select("id").where("email_key", "=", email.toLowerCase());
      if ((await sameMail.executeTakeFirst()) !== undefined) throw new Refused({ code: "EMAIL_TAKEN" });
    }
    throw new Refused({ code: "USERNAME_TAKEN" });
  }
}

export function identityView(row: {
  readonly provider: string;
  readonly email: string | null;
  readonly created_at: Date;
}): Identity {
  const { provider, email, created_at } = row;
  return { provider, ...(email !== null && { email }), createdAt: created_at.toISOString() };
}

/** One person's first sign-ins at once come one after another. */
async function lockSubject(tx: Transactor, { provider, subject }: Profile): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`identity ${provider} ${subject}`}, 0))`.execute(tx);
}

async function linkedTo(tx: Transactor, { provider, subject }: Profile): Promise<UserId | undefined> {
  const row = await tx
    .selectFrom("identities")
    .select("user_id")
    .where("provider", "=", provider)
    .where("subject", "=", subject)
    .executeTakeFirst();
  return row?.user_id;
}

async function insert(tx: Transactor, user: UserId, { provider, subject, email }: Profile): Promise<void> {
  const made = await tx
    .insertInto("identities")
    .values({ provider, subject, user_id: user, email: email ?? null })
    .onConflict((conflict) => conflict.doNothing())
    .returning("provider")
    .executeTakeFirst();
  if (made === undefined)
    throw new Refused({ code: "CONFLICT", detail: "The account is linked to someone else at this provider." });
}
