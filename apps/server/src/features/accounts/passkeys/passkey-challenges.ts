import { createHash, randomBytes } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import type { Actor } from "../../../ports/actor.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Database, Transactor } from "../../../ports/database.ts";
import type { Keys } from "../refresh-tokens.ts";

/** Seconds that a person has for what their device asks of them. */
export const CHALLENGE_SECONDS = 5 * 60;

/** What a challenge is good for, and for nothing else. */
export type ChallengePurpose = { readonly kind: "login" } | { readonly kind: "add"; readonly actor: Actor };

export interface OpenedChallenge {
  readonly hash: Uint8Array;
  readonly expiresAt: Date;
}

/** Challenges are signed and not stored: whoever only looks at the log-in page writes nothing. Those used are. */
export class PasskeyChallenges {
  readonly #keys: Keys;
  readonly #clock: Clock;

  constructor(keys: Keys, clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  /** @returns base64url, as WebAuthn carries it */
  async issue(purpose: ChallengePurpose): Promise<string> {
    const now = Math.floor(this.#clock.now() / 1000);
    const token = await new SignJWT()
      .setProtectedHeader({ alg: "HS256" })
      .setAudience(audienceOf(purpose))
      .setJti(randomBytes(16).toString("base64url"))
      .setExpirationTime(now + CHALLENGE_SECONDS)
      .sign(this.#keys[0]);
    return Buffer.from(token).toString("base64url");
  }

  /** @returns undefined for one that is altered, expired, of another purpose or none of ours */
  async open(challenge: string, purpose: ChallengePurpose): Promise<OpenedChallenge | undefined> {
    const token = Buffer.from(challenge, "base64url").toString();
    for (const key of this.#keys) {
      const expiresAt = await this.#expiryBy(key, token, purpose);
      if (expiresAt !== undefined) return { hash: createHash("sha256").update(token).digest(), expiresAt };
    }
    return undefined;
  }

  /** @returns whether nobody has used it before */
  async spend(tx: Transactor, { hash, expiresAt }: OpenedChallenge): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto("used_passkey_challenges")
      .values({ hash, expires_at: expiresAt })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async cleanUp(db: Database): Promise<void> {
    await db.deleteFrom("used_passkey_challenges").where("expires_at", "<=", new Date(this.#clock.now())).execute();
  }

  async #expiryBy(key: Uint8Array, token: string, purpose: ChallengePurpose): Promise<Date | undefined> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ["HS256"],
        audience: audienceOf(purpose),
        requiredClaims: ["exp", "jti"],
        currentDate: new Date(this.#clock.now()),
      });
      return new Date((payload.exp ?? 0) * 1000);
    } catch {
      return undefined; // jose throws for all that is not good
    }
  }
}

function audienceOf(purpose: ChallengePurpose): string {
  return purpose.kind === "login" ? "login" : `add ${purpose.actor.userId} ${purpose.actor.sessionId}`;
}
