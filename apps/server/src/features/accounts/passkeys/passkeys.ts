import {
  limits,
  type NewPasskeyCredential,
  newPasskeyId,
  type Passkey,
  type PasskeyCreation,
  type PasskeyCredential,
  type PasskeyId,
  type PasskeyRequest,
  type UserId,
} from "@hubbub/contract";
import { fail, invalid, ok, Refused, type Result, refusable } from "../../../operations/result.ts";
import type { Actor } from "../../../ports/actor.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Database, Transactor } from "../../../ports/database.ts";
import { lockWaysToSignIn } from "../ways-to-sign-in.ts";
import { CHALLENGE_SECONDS, type PasskeyChallenges } from "./passkey-challenges.ts";
import { algorithms, type PasskeyVerifier, userHandleOf } from "./passkey-verifier.ts";
import type { RelyingParty } from "./relying-party.ts";

export const passkeyColumns = ["id", "name", "created_at", "last_used_at", "backed_up"] as const;

const timeout = CHALLENGE_SECONDS * 1000;

export interface PasskeysDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly party: RelyingParty;
  readonly challenges: PasskeyChallenges;
  readonly verifier: PasskeyVerifier;
}

/** Who logs in by which keys. */
export class Passkeys {
  readonly #deps: PasskeysDeps;

  constructor(deps: PasskeysDeps) {
    this.#deps = deps;
  }

  async creationFor(actor: Actor): Promise<PasskeyCreation> {
    const { db, party, challenges } = this.#deps;
    const user = await db
      .selectFrom("users")
      .select(["username", "display_name"])
      .where("id", "=", actor.userId)
      .executeTakeFirstOrThrow();
    const known = await db
      .selectFrom("passkeys")
      .select(["credential_id", "transports"])
      .where("user_id", "=", actor.userId)
      .execute();
    return {
      challenge: await challenges.issue({ kind: "add", actor }),
      rp: { id: party.id, name: "Hubbub" },
      user: { id: userHandleOf(actor.userId), name: user.username, displayName: user.display_name },
      pubKeyCredParams: algorithms.map((alg) => ({ type: "public-key", alg })),
      timeout,
      excludeCredentials: known.map(({ credential_id, transports }) => ({
        type: "public-key",
        id: Buffer.from(credential_id).toString("base64url"),
        transports: transports ?? [],
      })),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
    };
  }

  /** Fails with VALIDATION_FAILED, CONFLICT for one that is known, or QUOTA_EXCEEDED. */
  async add(actor: Actor, name: string, credential: NewPasskeyCredential): Promise<Result<Passkey>> {
    const { db, clock, challenges, verifier } = this.#deps;
    const made = await verifier.creation(credential, { kind: "add", actor });
    if (made === undefined) return invalid("credential", "is not one that was asked for just now");
    return refusable(() =>
      db.transaction().execute(async (tx) => {
        const { passkeys } = await lockWaysToSignIn(tx, actor.userId);
        const session = await tx
          .selectFrom("sessions")
          .select("ended_at")
          .where("id", "=", actor.sessionId)
          .executeTakeFirst();
        // whoever changes their password shuts out others, who must not leave a key behind
        if (session?.ended_at !== null) throw new Refused({ code: "UNAUTHENTICATED" });
        if (passkeys >= limits.passkeys) throw new Refused({ code: "QUOTA_EXCEEDED" });
        if (!(await challenges.spend(tx, made.challenge)))
          throw new Refused({ code: "CONFLICT", detail: "This was done already." });
        const row = await tx
          .insertInto("passkeys")
          .values({
            id: newPasskeyId(clock.now()),
            user_id: actor.userId,
            credential_id: made.credentialId,
            public_key: made.publicKey,
            counter: made.counter,
            transports: credential.response.transports ?? null,
            backed_up: made.backedUp,
            name,
            created_at: new Date(clock.now()),
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning(passkeyColumns)
          .executeTakeFirst();
        if (row === undefined) throw new Refused({ code: "CONFLICT", detail: "This passkey is here already." });
        return passkeyView(row);
      }),
    );
  }

  /** Fails with NOT_FOUND, and with CONFLICT for the last way to sign in. */
  remove(userId: UserId, id: PasskeyId): Promise<Result<null>> {
    return refusable(() =>
      this.#deps.db.transaction().execute(async (tx) => {
        const { total } = await lockWaysToSignIn(tx, userId);
        const { numDeletedRows } = await tx
          .deleteFrom("passkeys")
          .where("id", "=", id)
          .where("user_id", "=", userId)
          .executeTakeFirst();
        if (numDeletedRows === 0n) throw new Refused({ code: "NOT_FOUND" });
        if (total === 1)
          throw new Refused({ code: "CONFLICT", detail: "This is the only way to sign in to this account." });
        return null;
      }),
    );
  }

  async request(): Promise<PasskeyRequest> {
    const { party, challenges } = this.#deps;
    const challenge = await challenges.issue({ kind: "login" });
    return { challenge, rpId: party.id, timeout, userVerification: "required" };
  }

  /** Whose passkey it is, once for each challenge. Fails with INVALID_CREDENTIALS, whatever is wrong. */
  async recognise(credential: PasskeyCredential): Promise<Result<UserId>> {
    const { db, verifier } = this.#deps;
    const known = await db
      .selectFrom("passkeys")
      .select(["id", "user_id as userId", "public_key as publicKey", "counter"])
      .where("credential_id", "=", Buffer.from(credential.id, "base64url"))
      .executeTakeFirst();
    const used = known && (await verifier.use(credential, known));
    if (known === undefined || used === undefined) return unknown();
    const isFirst = await db.transaction().execute(async (tx) => {
      const isRisen = await this.#count(tx, known.id, used);
      return isRisen && this.#deps.challenges.spend(tx, used.challenge);
    });
    return isFirst ? ok(known.userId) : unknown();
  }

  /** Two uses at once are judged one after the other. @returns false where the counter has passed by, or the passkey is gone */
  async #count(
    tx: Transactor,
    id: PasskeyId,
    { counter, backedUp }: { readonly counter: number; readonly backedUp: boolean },
  ): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable("passkeys")
      .set({ counter, backed_up: backedUp, last_used_at: new Date(this.#deps.clock.now()) })
      .where("id", "=", id)
      // authenticators that do not count say 0 for ever
      .where((is) => is.or([is("counter", "<", counter), is.and([is("counter", "=", 0), is.lit(counter === 0)])]))
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }
}

export function passkeyView(row: {
  readonly id: PasskeyId;
  readonly name: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly backed_up: boolean;
}): Passkey {
  const { id, name, created_at, last_used_at, backed_up } = row;
  return {
    id,
    name,
    createdAt: created_at.toISOString(),
    ...(last_used_at !== null && { lastUsedAt: last_used_at.toISOString() }),
    backedUp: backed_up,
  };
}

const unknown = () => fail("INVALID_CREDENTIALS", "This passkey is not known here. Log in in another way.");
