import type { UserId } from "@hubbub/contract";
import { Refused, type Result, refusable } from "../../../operations/result.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Database, Transactor } from "../../../ports/database.ts";
import type { Outbox } from "../../../ports/outbox.ts";
import { MailTokens } from "../mail/mail-tokens.ts";
import type { Postbox } from "../mail/postbox.ts";
import type { Sessions } from "../sessions.ts";
import { accountDeleted } from "./account-events.ts";
import { lockAdmins, mustNotBeLastAdmin } from "./last-admin.ts";
import { notSuspended } from "./suspension.ts";

export interface AccountRemovalDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly postbox: Postbox;
  readonly outbox: Pick<Outbox, "write" | "handOver">;
}

/** What else an account has, beside its sessions and mails; more than one may come to stand here. */
const belongings = ["identities", "totp_secrets", "recovery_codes", "login_challenges", "passkeys"] as const;

/** What a deleted account is called. */
const NOBODY = "Deleted account";

/** Milliseconds for which nodes may still want to read that a session of the account has ended. */
const SESSIONS_KEPT_MS = 24 * 60 * 60_000;

/**
 * The end of an account, in one transaction: nobody gets in any more, and nothing of the person is left in the row that
 * stays. What else is theirs goes by the event, also if this process dies.
 */
export class AccountRemoval {
  readonly #deps: AccountRemovalDeps;

  constructor(deps: AccountRemovalDeps) {
    this.#deps = deps;
  }

  /**
   * Fails with NOT_FOUND where there is no such account, and with CONFLICT for the last admin.
   * @param judge what else must hold, under the account's lock
   */
  async remove(userId: UserId, by: UserId, judge: (tx: Transactor) => Promise<void>): Promise<Result<null>> {
    const { db, sessions, postbox, outbox } = this.#deps;
    const done = await refusable(() =>
      db.transaction().execute(async (tx) => {
        await lockAdmins(tx);
        const account = await tx
          .selectFrom("users")
          .select(["email", "is_admin"])
          .where("id", "=", userId)
          .where("deleted_at", "is", null)
          .forNoKeyUpdate()
          .executeTakeFirst();
        if (account === undefined) throw new Refused({ code: "NOT_FOUND" });
        await judge(tx);
        if (account.is_admin) await mustNotBeLastAdmin(tx, userId);
        const ended = await sessions.endAllIn(tx, userId, "accountDeleted");
        await this.#wipe(tx, userId);
        await postbox.post(tx, { kind: "accountDeleted", userId, address: account.email });
        return { ended, event: await outbox.write(tx, accountDeleted.of(userId, by, null)) };
      }),
    );
    if (!done.ok) return done;
    for (const session of done.value.ended) sessions.ended(session, "accountDeleted");
    postbox.posted();
    outbox.handOver([done.value.event]);
    return { ok: true, value: null };
  }

  async #wipe(tx: Transactor, userId: UserId): Promise<void> {
    // no name that anybody could guess and take before
    const name = `deleted-${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
    await tx
      .updateTable("users")
      .set({ username: name, email: "", email_key: name, email_verified: false, display_name: NOBODY })
      .set({ password_hash: null, is_admin: false, bio: null, avatar_media_id: null, time_zone: null, language: null })
      .set({ ...notSuspended, deleted_at: new Date(this.#deps.clock.now()) })
      .where("id", "=", userId)
      .execute();
    await tx.updateTable("sessions").set({ device_name: null }).where("user_id", "=", userId).execute();
    await tx.deleteFrom("registration_invites").where("created_by", "=", userId).execute();
    for (const table of belongings) await tx.deleteFrom(table).where("user_id", "=", userId).execute();
    await MailTokens.voidAll(tx, userId);
  }

  /**
   * A call that was under way in the moment of the deletion may have left something behind: a day later everything is
   * looked for once more.
   */
  async finish(db: Database): Promise<void> {
    const { clock, outbox } = this.#deps;
    const until = new Date(clock.now() - SESSIONS_KEPT_MS);
    const deleted = db.selectFrom("users").select("id").where("deleted_at", "<=", until);
    const since = new Date(clock.now() - 3 * SESSIONS_KEPT_MS);
    for (const { id } of await deleted.where("deleted_at", ">", since).execute()) {
      const event = await db.transaction().execute(async (tx) => {
        for (const table of ["sessions", ...belongings] as const)
          await tx.deleteFrom(table).where("user_id", "=", id).execute();
        await MailTokens.voidAll(tx, id);
        return outbox.write(tx, accountDeleted.of(id, id, null));
      });
      outbox.handOver([event]);
    }
  }
}
