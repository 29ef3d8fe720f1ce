import { type DeviceId, newSessionId, type SessionEnd, type Tokens, type UserId } from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import { Refused, type Result, refusable } from "../../operations/result.ts";
import type { Actor } from "../../ports/actor.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { EndedSessions } from "./ended-sessions.ts";
import { refusalOfSuspended, suspensionColumns } from "./ending/suspension.ts";
import { MailTokens } from "./mail/mail-tokens.ts";
import type { RefreshToken, RefreshTokens } from "./refresh-tokens.ts";

/** Two tabs of a browser may use one refresh token within this time, and get the same successor. */
const SUCCESSOR_WINDOW_MS = 10_000;

export interface SessionsDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly endedSessions: EndedSessions;
  readonly broadcaster: Pick<Broadcaster, "endSession">;
  readonly refreshTokenDays: number;
}

/** New tokens of a session. The refresh token goes into the body or the cookie as the client may have it. */
export interface Grant {
  readonly tokens: Tokens;
  readonly refreshToken: RefreshToken;
}

/** Sessions are families of refresh tokens, one family a device; each token is good once. */
export class Sessions {
  readonly #deps: SessionsDeps;

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
  }

  /**
   * Begins a session; an earlier one of the same person on the same device ends. Every way to sign in ends here.
   * Fails with FORBIDDEN for a suspended account, and with INVALID_CREDENTIALS for a deleted one.
   * @param passwordHash if by a password the person was recognised: INVALID_CREDENTIALS if it has been replaced since
   */
  async begin(
    { userId, passwordHash }: { readonly userId: UserId; readonly passwordHash?: string },
    deviceId: DeviceId,
    deviceName: string | undefined,
  ): Promise<Result<Grant>> {
    const { db, clock, refreshTokens } = this.#deps;
    const sessionId = newSessionId(clock.now());
    const refreshToken = refreshTokens.create();
    const begun = await refusable(() =>
      db.transaction().execute(async (tx) => {
        // one log-in a person at a time, or two on one device would meet in the index of living sessions
        const user = await tx
          .selectFrom("users")
          .select(["password_hash", "deleted_at", ...suspensionColumns])
          .where("id", "=", userId)
          .forNoKeyUpdate()
          .executeTakeFirst();
        if (user === undefined || user.deleted_at !== null) throw new Refused({ code: "INVALID_CREDENTIALS" });
        if (passwordHash !== undefined && user.password_hash !== passwordHash)
          throw new Refused({ code: "INVALID_CREDENTIALS" });
        const refusal = refusalOfSuspended(user, clock.now());
        if (refusal !== undefined) throw new Refused(refusal);
        const replaced = await this.#endWhere(tx, userId, "replaced", sql`device_id = ${deviceId}`);
        await tx
          .insertInto("sessions")
          .values({
            id: sessionId,
            user_id: userId,
            device_id: deviceId,
            device_name: deviceName ?? null,
            created_at: new Date(clock.now()),
            last_used_at: new Date(clock.now()),
            expires_at: this.#expiry(),
          })
          .execute();
        await tx
          .insertInto("refresh_tokens")
          .values({ hash: refreshTokens.hash(refreshToken), session_id: sessionId })
          .execute();
        return replaced;
      }),
    );
    if (!begun.ok) return begun;
    for (const session of begun.value) this.ended(session, "replaced");
    return { ok: true, value: await this.#grant({ userId, sessionId }, refreshToken) };
  }

  /**
   * Trades a refresh token for its successor.
   * Fails with UNAUTHENTICATED for a token that is unknown, expired, ended or another device's, and with TOKEN_REUSED,
   * ending the whole family, for one that was used before (RFC 9700, 4.14.2).
   */
  async rotate(token: RefreshToken, deviceId: DeviceId): Promise<Result<Grant>> {
    const { db } = this.#deps;
    const rotated = await refusable(() => db.transaction().execute((tx) => this.#rotateIn(tx, token, deviceId)));
    if (!rotated.ok) return rotated;
    const { bearer, successor } = rotated.value;
    if (successor === undefined) {
      this.ended(bearer, "tokenReused");
      return { ok: false, failure: { code: "TOKEN_REUSED" } };
    }
    return { ok: true, value: await this.#grant(bearer, successor) };
  }

  /** @returns whether the person has such a session that had not ended */
  async end({ userId, sessionId }: Actor, reason: SessionEnd): Promise<boolean> {
    const sessions = await this.#endWhere(this.#deps.db, userId, reason, sql`id = ${sessionId}`);
    for (const session of sessions) this.ended(session, reason);
    return sessions.length > 0;
  }

  async endAll(userId: UserId): Promise<void> {
    for (const session of await this.#endWhere(this.#deps.db, userId, "signedOut", sql`true`))
      this.ended(session, "signedOut");
  }

  /** The caller tells of each by `ended`, after its commit. */
  endAllIn(tx: Transactor, userId: UserId, reason: SessionEnd): Promise<Actor[]> {
    return this.#endWhere(tx, userId, reason, sql`true`);
  }

  /**
   * Ends all other sessions of the person.
   * @param write what else belongs into the transaction
   * @returns false, and nothing has happened, if the password is another by now
   */
  async changePassword(
    { userId, sessionId }: Actor,
    oldHash: string,
    newHash: string,
    write: (tx: Transactor) => Promise<void>,
  ): Promise<boolean> {
    const reason = "passwordChanged";
    const others = await this.#deps.db.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable("users")
        .set({ password_hash: newHash })
        .where("id", "=", userId)
        .where("password_hash", "=", oldHash)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return undefined;
      await MailTokens.voidChanges(tx, userId);
      await write(tx);
      return this.#endWhere(tx, userId, reason, sql`id <> ${sessionId}`);
    });
    for (const session of others ?? []) this.ended(session, reason);
    return others !== undefined;
  }

  /** A session has ended, here or on another node: its tokens are void and its sockets close. */
  ended(session: Actor, reason: SessionEnd): void {
    if (this.#deps.endedSessions.add(session.sessionId))
      this.#deps.broadcaster.endSession(session.userId, session.sessionId, reason);
  }

  #endWhere(db: Database, userId: UserId, reason: SessionEnd, which: RawBuilder<unknown>): Promise<Actor[]> {
    return db
      .updateTable("sessions")
      .set({ ended_at: new Date(this.#deps.clock.now()), end_reason: reason })
      .where("user_id", "=", userId)
      .where("ended_at", "is", null)
      .where(sql<boolean>`${which}`)
      .returning(["id as sessionId", "user_id as userId"])
      .execute();
  }

  async #rotateIn(
    tx: Transactor,
    token: RefreshToken,
    deviceId: DeviceId,
  ): Promise<{ bearer: Actor; successor: RefreshToken | undefined }> {
    const { clock, refreshTokens } = this.#deps;
    const now = clock.now();
    const found = await this.#stored(tx, token);
    if (found === undefined) throw new Refused({ code: "UNAUTHENTICATED" });
    // the session's lock first, then the token as it is now: uses of one family come one after another
    const session = await tx
      .selectFrom("sessions")
      .selectAll()
      .where("id", "=", found.session_id)
      .forUpdate()
      .executeTakeFirst();
    if (session === undefined || session.ended_at !== null || session.expires_at.getTime() <= now)
      throw new Refused({ code: "UNAUTHENTICATED" });
    if (session.device_id !== deviceId) throw new Refused({ code: "UNAUTHENTICATED" });
    const bearer = { userId: session.user_id, sessionId: session.id };
    const { used_at } = await tx
      .selectFrom("refresh_tokens")
      .select("used_at")
      .where("hash", "=", found.hash)
      .executeTakeFirstOrThrow();
    if (used_at !== null) {
      if (now - used_at.getTime() <= SUCCESSOR_WINDOW_MS) return { bearer, successor: await this.#given(tx, token) };
      await this.#endWhere(tx, session.user_id, "tokenReused", sql`id = ${session.id}`);
      return { bearer, successor: undefined };
    }
    const successor = refreshTokens.successor(token);
    await tx
      .updateTable("refresh_tokens")
      .set({ used_at: new Date(now) })
      .where("hash", "=", found.hash)
      .execute();
    await tx
      .insertInto("refresh_tokens")
      .values({ hash: refreshTokens.hash(successor), session_id: session.id })
      .execute();
    await tx
      .updateTable("sessions")
      .set({ expires_at: this.#expiry(), last_used_at: new Date(now) })
      .where("id", "=", session.id)
      .execute();
    return { bearer, successor };
  }

  /** A token's row, under whichever key it was written. */
  #stored(tx: Transactor, token: RefreshToken) {
    return tx
      .selectFrom("refresh_tokens")
      .select(["hash", "session_id"])
      .where("hash", "in", this.#deps.refreshTokens.hashes(token))
      .executeTakeFirst();
  }

  /** The successor that a used token was given, under whichever key it was derived. */
  async #given(tx: Transactor, token: RefreshToken): Promise<RefreshToken> {
    for (const successor of this.#deps.refreshTokens.successors(token))
      if ((await this.#stored(tx, successor)) !== undefined) return successor;
    throw new Error("A used refresh token has no successor");
  }

  #expiry(): Date {
    return new Date(this.#deps.clock.now() + this.#deps.refreshTokenDays * 24 * 60 * 60 * 1000);
  }

  async #grant(bearer: Actor, refreshToken: RefreshToken): Promise<Grant> {
    const { db, accessTokens } = this.#deps;
    const [accessToken, row] = await Promise.all([
      accessTokens.issue(bearer),
      db
        .selectFrom("users")
        .select(["id", "username", "display_name as displayName", "bio"])
        .where("id", "=", bearer.userId)
        .executeTakeFirstOrThrow(),
    ]);
    const { bio, ...named } = row;
    const user = { ...named, ...(bio !== null && { bio }) };
    const tokens = { accessToken, tokenType: "Bearer", expiresIn: accessTokens.lifetimeSeconds, user } as const;
    return { tokens, refreshToken };
  }
}
