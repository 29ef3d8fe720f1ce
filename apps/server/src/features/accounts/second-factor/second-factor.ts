import type { UserId } from "@hubbub/contract";
import { generateSecret, generateURI, verifySync } from "otplib";
import { fail, ok, type Result } from "../../../operations/result.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Database, Transactor } from "../../../ports/database.ts";
import { newRecoveryCodes, recoveryCodeHash } from "./recovery-codes.ts";
import type { TotpSeal } from "./totp-seal.ts";

/** Seconds that a code is shown; one before and one after it are taken too, as clocks differ. */
const STEP = 30;

/** Wrong codes of an account in a day, whoever tries: 3 of 1,000,000 codes are right at any time. */
const MOST_WRONG = 20;
const WRONG_WINDOW_MS = 24 * 60 * 60 * 1000;

/** How many secrets are sealed anew by one read. */
const BATCH = 500;

const NONE_ENABLED = "No codes are enabled.";

export type Proof =
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "recoveryCode"; readonly recoveryCode: string };

export interface SecondFactorDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly seal: TotpSeal;
}

/** Codes of an authenticator app. Everything that changes them or uses one up is done under the account's lock. */
export class SecondFactor {
  readonly #deps: SecondFactorDeps;

  constructor(deps: SecondFactorDeps) {
    this.#deps = deps;
  }

  async state(userId: UserId): Promise<{ enabled: boolean; recoveryCodesLeft: number }> {
    const row = await this.#deps.db
      .selectFrom("totp_secrets")
      .leftJoin("recovery_codes", "recovery_codes.user_id", "totp_secrets.user_id")
      .select((select) => select.fn.count<number>("recovery_codes.hash").as("left"))
      .where("totp_secrets.user_id", "=", userId)
      .where("enabled_at", "is not", null)
      .groupBy("totp_secrets.user_id")
      .executeTakeFirst();
    return { enabled: row !== undefined, recoveryCodesLeft: row?.left ?? 0 };
  }

  /** Fails with CONFLICT where one is enabled. */
  setUp(userId: UserId): Promise<Result<{ secret: string; uri: string }>> {
    return this.#locked(userId, async (tx, username) => {
      const secret = generateSecret();
      const sealed = this.#deps.seal.seal(userId, secret);
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto("totp_secrets")
        .values({ user_id: userId, sealed })
        .onConflict((conflict) =>
          conflict.column("user_id").doUpdateSet({ sealed }).where("totp_secrets.enabled_at", "is", null),
        )
        .executeTakeFirst();
      if (!numInsertedOrUpdatedRows) return fail("CONFLICT", "Codes are enabled already.");
      return ok({ secret, uri: generateURI({ secret, issuer: "Hubbub", label: username }) });
    });
  }

  /** Fails with INVALID_CREDENTIALS, or CONFLICT where nothing waits to be enabled. @returns the recovery codes */
  enable(userId: UserId, code: string): Promise<Result<string[]>> {
    return this.#locked(userId, async (tx) => {
      const judged = await this.judge(tx, userId, { kind: "code", code }, "pending");
      if (!judged.ok) return judged.failure.code === "NOT_FOUND" ? fail("CONFLICT", "Set up an app first.") : judged;
      const enabled_at = new Date(this.#deps.clock.now());
      await tx.updateTable("totp_secrets").set({ enabled_at }).where("user_id", "=", userId).execute();
      return ok(await giveRecoveryCodes(tx, userId));
    });
  }

  /** Fails with NOT_FOUND where none is enabled. @returns the recovery codes, which void those before them */
  renewRecoveryCodes(userId: UserId): Promise<Result<string[]>> {
    return this.#locked(userId, async (tx) => {
      const enabled = await tx
        .selectFrom("totp_secrets")
        .select("user_id")
        .where("user_id", "=", userId)
        .where("enabled_at", "is not", null)
        .executeTakeFirst();
      return enabled === undefined ? fail("NOT_FOUND", NONE_ENABLED) : ok(await giveRecoveryCodes(tx, userId));
    });
  }

  /** Fails with NOT_FOUND where none is enabled, or as `judge`. @param code undefined: a password was checked instead */
  disable(userId: UserId, code: string | undefined): Promise<Result<null>> {
    return this.#locked(userId, async (tx) => {
      if (code !== undefined) {
        const judged = await this.judge(tx, userId, { kind: "code", code });
        if (!judged.ok) return judged;
      }
      const { numDeletedRows } = await tx
        .deleteFrom("totp_secrets")
        .where("user_id", "=", userId)
        .where("enabled_at", "is not", null)
        .executeTakeFirst();
      if (numDeletedRows === 0n) return fail("NOT_FOUND", NONE_ENABLED);
      await tx.deleteFrom("recovery_codes").where("user_id", "=", userId).execute();
      await tx.deleteFrom("login_challenges").where("user_id", "=", userId).execute();
      return ok(null);
    });
  }

  /**
   * Uses up a code, under the account's lock; a wrong one is counted, so the transaction is to be committed either way.
   * Fails with INVALID_CREDENTIALS, RATE_LIMITED after too many wrong ones, or NOT_FOUND where there is no such secret.
   */
  async judge(
    tx: Transactor,
    userId: UserId,
    proof: Proof,
    state: "enabled" | "pending" = "enabled",
  ): Promise<Result<null>> {
    const row = await tx
      .selectFrom("totp_secrets")
      .select(["sealed", "last_step", "wrong_codes", "wrong_since"])
      .where("user_id", "=", userId)
      .where("enabled_at", state === "enabled" ? "is not" : "is", null)
      .executeTakeFirst();
    if (row === undefined) return fail("NOT_FOUND");
    if (proof.kind === "recoveryCode") {
      const used = tx
        .deleteFrom("recovery_codes")
        .where("user_id", "=", userId)
        .where("hash", "=", recoveryCodeHash(proof.recoveryCode));
      const { numDeletedRows } = await used.executeTakeFirst();
      // not counted: none of 80 random bits is ever guessed
      return numDeletedRows === 0n ? fail("INVALID_CREDENTIALS", "The recovery code is wrong.") : ok(null);
    }
    const now = this.#deps.clock.now();
    const since = row.wrong_since?.getTime() ?? 0;
    const wrong = now - since < WRONG_WINDOW_MS ? row.wrong_codes : 0;
    if (wrong >= MOST_WRONG) return tooManyWrong(since + WRONG_WINDOW_MS - now);
    const step = this.#stepOf(this.#deps.seal.open(userId, row.sealed).secret, proof.code, now);
    const update = tx.updateTable("totp_secrets").where("user_id", "=", userId);
    if (step === undefined || step <= row.last_step) {
      const wrong_since = new Date(wrong === 0 ? now : since);
      await update.set({ wrong_codes: wrong + 1, wrong_since }).execute();
      return fail("INVALID_CREDENTIALS", "The code is wrong, or was used already.");
    }
    await update.set({ last_step: step }).execute();
    return ok(null);
  }

  /** Runs under the account's lock; what is returned is committed, also a failure. */
  async #locked<T>(userId: UserId, work: (tx: Transactor, username: string) => Promise<Result<T>>): Promise<Result<T>> {
    return this.#deps.db.transaction().execute(async (tx) => {
      const username = await lockAccount(tx, userId);
      return username === undefined ? fail("UNAUTHENTICATED") : work(tx, username);
    });
  }

  /** Seals what a previous key has sealed by the current one, so that the previous can go. */
  async renewSeals(db: Database): Promise<void> {
    const { seal } = this.#deps;
    if (!seal.hasPreviousKey) return;
    let rows = await nextSecrets(db, undefined);
    while (rows.length > 0) {
      for (const { user_id, sealed } of rows) {
        const { secret, isCurrent } = seal.open(user_id, sealed);
        if (isCurrent) continue;
        await db
          .updateTable("totp_secrets")
          .set({ sealed: seal.seal(user_id, secret) })
          .where("user_id", "=", user_id)
          .where("sealed", "=", sealed) // not one that was set up in the meantime
          .execute();
      }
      rows = await nextSecrets(db, rows.at(-1)?.user_id);
    }
  }

  /** Whose time step a code is; undefined for a wrong one. */
  #stepOf(secret: string, token: string, now: number): number | undefined {
    const verified = verifySync({ secret, token, epoch: Math.floor(now / 1000), period: STEP, epochTolerance: STEP });
    return verified.valid && "timeStep" in verified ? verified.timeStep : undefined;
  }
}

/** Codes and steps of one account come one after another. @returns its username; undefined if it is gone */
export async function lockAccount(tx: Transactor, userId: UserId): Promise<string | undefined> {
  const query = tx.selectFrom("users").select("username").where("id", "=", userId).forNoKeyUpdate();
  return (await query.executeTakeFirst())?.username;
}

async function giveRecoveryCodes(tx: Transactor, userId: UserId): Promise<string[]> {
  const codes = newRecoveryCodes();
  await tx.deleteFrom("recovery_codes").where("user_id", "=", userId).execute();
  const rows = codes.map((each) => ({ user_id: userId, hash: recoveryCodeHash(each) }));
  await tx.insertInto("recovery_codes").values(rows).execute();
  return codes;
}

function nextSecrets(db: Database, after: UserId | undefined) {
  const query = db.selectFrom("totp_secrets").select(["user_id", "sealed"]).orderBy("user_id").limit(BATCH);
  return (after === undefined ? query : query.where("user_id", ">", after)).execute();
}

function tooManyWrong(waitMs: number): Result<never> {
  const detail = "Too many codes were wrong. Use a recovery code, or try again tomorrow.";
  return { ok: false, failure: { code: "RATE_LIMITED", detail, retryAfter: Math.ceil(waitMs / 1000) } };
}
