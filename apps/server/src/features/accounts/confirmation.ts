import { fail, ok, type Result } from "../../operations/result.ts";
import type { Actor } from "../../ports/actor.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import type { Passwords } from "./passwords.ts";

/** Milliseconds after a log-in during which nothing more is asked. */
const FRESH_MS = 10 * 60_000;

export interface ConfirmedAccount {
  readonly username: string;
  readonly email: string;
  /** By which it was judged. */
  readonly passwordHash: string | null;
}

/** Whether it is really the person, and not somebody at a device that was left open: for what cannot be taken back. */
export class Confirmation {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #passwords: Passwords;

  constructor(db: Database, clock: Clock, passwords: Passwords) {
    this.#db = db;
    this.#clock = clock;
    this.#passwords = passwords;
  }

  /** By the password, or by having signed in just now. Fails with INVALID_CREDENTIALS or FORBIDDEN. */
  async of({ userId, sessionId }: Actor, password: string | undefined): Promise<Result<ConfirmedAccount>> {
    const row = await this.#db
      .selectFrom("users")
      .innerJoin("sessions", "sessions.user_id", "users.id")
      .select(["users.username", "users.email", "users.password_hash", "sessions.created_at"])
      .where("users.id", "=", userId)
      .where("sessions.id", "=", sessionId)
      .executeTakeFirst();
    if (row === undefined) return fail("UNAUTHENTICATED");
    const account = { username: row.username, email: row.email, passwordHash: row.password_hash };
    if (password !== undefined) {
      const right = await this.#passwords.verify(password, row.password_hash ?? undefined);
      return right ? ok(account) : fail("INVALID_CREDENTIALS", "The password is wrong.");
    }
    if (this.#clock.now() - row.created_at.getTime() <= FRESH_MS) return ok(account);
    return fail("FORBIDDEN", "Give your password, or sign in again first.");
  }

  /**
   * Once more under the account's lock, where what is done must not outlive the password or session that confirmed it.
   * @returns false if the password is another by now, or the session has ended
   */
  static async holds(tx: Transactor, { userId, sessionId }: Actor, confirmed: ConfirmedAccount): Promise<boolean> {
    const account = await tx
      .selectFrom("users")
      .select("password_hash")
      .where("id", "=", userId)
      .forNoKeyUpdate()
      .executeTakeFirst();
    const session = await tx.selectFrom("sessions").select("ended_at").where("id", "=", sessionId).executeTakeFirst();
    return account?.password_hash === confirmed.passwordHash && session?.ended_at === null;
  }
}
