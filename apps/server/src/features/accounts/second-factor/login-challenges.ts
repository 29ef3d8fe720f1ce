import { createHash, randomBytes } from "node:crypto";
import type { SecondFactorChallenge, UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { fail, ok, type Result } from "../../../operations/result.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Database, Transactor } from "../../../ports/database.ts";
import { lockAccount, type Proof, type SecondFactor } from "./second-factor.ts";

/** Seconds between the two steps of a log-in. */
const LIFETIME = 5 * 60;

/** Codes that one challenge may be tried with. */
const MOST_WRONG = 5;

const hashOf = (challenge: string): Buffer => createHash("sha256").update(challenge).digest();
const expired = () => fail("UNAUTHENTICATED", "This log-in has expired. Begin it anew.");

/** By whom, and by which password, the first step was done. */
export interface FirstStep {
  readonly userId: UserId;
  readonly passwordHash: string;
}

export interface LoginChallengesDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly secondFactor: SecondFactor;
}

/** Log-ins that have done their first step. */
export class LoginChallenges {
  readonly #deps: LoginChallengesDeps;

  constructor(deps: LoginChallengesDeps) {
    this.#deps = deps;
  }

  /** @returns undefined where the account's log-ins need no second step */
  async create({ userId, passwordHash }: FirstStep): Promise<SecondFactorChallenge | undefined> {
    const challenge = randomBytes(32).toString("base64url");
    const expiresAt = new Date(this.#deps.clock.now() + LIFETIME * 1000);
    const { numAffectedRows } = await sql`
      insert into login_challenges (hash, user_id, password_hash, expires_at)
      select ${hashOf(challenge)}, user_id, ${passwordHash}, ${expiresAt}
      from totp_secrets where user_id = ${userId} and enabled_at is not null
    `.execute(this.#deps.db);
    if (!numAffectedRows) return undefined;
    return { challenge, expiresIn: LIFETIME, methods: ["totp", "recoveryCode"] };
  }

  /** Fails with UNAUTHENTICATED for a challenge that is none or expired, or as the code does. */
  redeem(challenge: string, proof: Proof): Promise<Result<FirstStep>> {
    const hash = hashOf(challenge);
    return this.#deps.db.transaction().execute(async (tx) => {
      const found = await stored(tx, hash);
      if (found === undefined || (await lockAccount(tx, found.user_id)) === undefined) return expired();
      // again, under the lock: another may have used it up
      const row = await stored(tx, hash);
      if (row === undefined || row.expires_at.getTime() <= this.#deps.clock.now()) return expired();
      const judged = await this.#deps.secondFactor.judge(tx, row.user_id, proof);
      if (judged.ok || row.wrong_codes + 1 >= MOST_WRONG)
        await tx.deleteFrom("login_challenges").where("hash", "=", hash).execute();
      else {
        const wrong_codes = row.wrong_codes + 1;
        await tx.updateTable("login_challenges").set({ wrong_codes }).where("hash", "=", hash).execute();
      }
      return judged.ok ? ok({ userId: row.user_id, passwordHash: row.password_hash }) : judged;
    });
  }
}

function stored(tx: Transactor, hash: Buffer) {
  return tx
    .selectFrom("login_challenges")
    .select(["user_id", "password_hash", "wrong_codes", "expires_at"])
    .where("hash", "=", hash)
    .executeTakeFirst();
}
