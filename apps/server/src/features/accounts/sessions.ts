import { type DeviceId, newSessionId, type Tokens, type UserId } from "@hubbub/contract";
import { Refused, type Result, refusable } from "../../operations/result.ts";
import type { Actor } from "../../ports/actor.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { EndedSessions } from "./ended-sessions.ts";
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

  /** Begins a session; an earlier one of the same person on the same device ends. */
  async begin(userId: UserId, deviceId: DeviceId, deviceName: string | undefined): Promise<Grant> {
    const { db, clock, refreshTokens } = this.#deps;
    const sessionId = newSessionId(clock.now());
    const refreshToken = refreshTokens.create();
    const replaced = await db.transaction().execute(async (tx) => {
      // one log-in a person at a time, or two on one device would meet in the index of living sessions
      await tx.selectFrom("users").select("id").where("id", "=", userId).forNoKeyUpdate().execute();
      const replaced = await tx
        .updateTable("sessions")
        .set({ ended_at: new Date(clock.now()) })
        .where("user_id", "=", userId)
        .where("device_id", "=", deviceId)
        .where("ended_at", "is", null)
        .returning("id")
        .execute();
      await tx
        .insertInto("sessions")
        .values({
          id: sessionId,
          user_id: userId,
          device_id: deviceId,
          device_name: deviceName ?? null,
          expires_at: this.#expiry(),
        })
        .execute();
      await tx
        .insertInto("refresh_tokens")
        .values({ hash: refreshTokens.hash(refreshToken), session_id: sessionId })
        .execute();
      return replaced;
    });
    for (const { id } of replaced) this.#ended({ userId, sessionId: id });
    return this.#grant({ userId, sessionId }, refreshToken);
  }

  /**
   * Trades a refresh token for its successor.
   * Fails with UNAUTHENTICATED for a token that is unknown, expired, ended or another device's, and with TOKEN_REUSED,
   * ending the whole family, for one that was used before (RFC 9700, 4.14.2).
   */
  async rotate(token: RefreshToken, deviceId: DeviceId): Promise<Result<Grant>> {
    const { db, refreshTokens } = this.#deps;
    const successor = refreshTokens.successor(token);
    const rotated = await refusable(() =>
      db.transaction().execute((tx) => this.#rotateIn(tx, token, successor, deviceId)),
    );
    if (!rotated.ok) return rotated;
    const { bearer, reused } = rotated.value;
    if (reused) {
      this.#ended(bearer);
      return { ok: false, failure: { code: "TOKEN_REUSED" } };
    }
    return { ok: true, value: await this.#grant(bearer, successor) };
  }

  async end(bearer: Actor): Promise<void> {
    const { db, clock } = this.#deps;
    await db
      .updateTable("sessions")
      .set({ ended_at: new Date(clock.now()) })
      .where("id", "=", bearer.sessionId)
      .where("ended_at", "is", null)
      .execute();
    this.#ended(bearer);
  }

  async #rotateIn(
    tx: Transactor,
    token: RefreshToken,
    successor: RefreshToken,
    deviceId: DeviceId,
  ): Promise<{ bearer: Actor; reused: boolean }> {
    const { clock, refreshTokens } = this.#deps;
    const now = clock.now();
    const hash = refreshTokens.hash(token);
    const found = await tx
      .selectFrom("refresh_tokens")
      .select("session_id")
      .where("hash", "=", hash)
      .executeTakeFirst();
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
      .where("hash", "=", hash)
      .executeTakeFirstOrThrow();
    if (used_at !== null && now - used_at.getTime() > SUCCESSOR_WINDOW_MS) {
      await tx
        .updateTable("sessions")
        .set({ ended_at: new Date(now) })
        .where("id", "=", session.id)
        .execute();
      return { bearer, reused: true };
    }
    if (used_at === null) {
      await tx
        .updateTable("refresh_tokens")
        .set({ used_at: new Date(now) })
        .where("hash", "=", hash)
        .execute();
      await tx
        .insertInto("refresh_tokens")
        .values({ hash: refreshTokens.hash(successor), session_id: session.id })
        .execute();
      await tx.updateTable("sessions").set({ expires_at: this.#expiry() }).where("id", "=", session.id).execute();
    }
    return { bearer, reused: false };
  }

  #expiry(): Date {
    return new Date(this.#deps.clock.now() + this.#deps.refreshTokenDays * 24 * 60 * 60 * 1000);
  }

  #ended({ userId, sessionId }: Actor): void {
    this.#deps.endedSessions.add(sessionId);
    this.#deps.broadcaster.endSession(userId, sessionId);
  }

  async #grant(bearer: Actor, refreshToken: RefreshToken): Promise<Grant> {
    const { db, accessTokens } = this.#deps;
    const [accessToken, user] = await Promise.all([
      accessTokens.issue(bearer),
      db
        .selectFrom("users")
        .select(["id", "username", "display_name as displayName"])
        .where("id", "=", bearer.userId)
        .executeTakeFirstOrThrow(),
    ]);
    const tokens = { accessToken, tokenType: "Bearer", expiresIn: accessTokens.lifetimeSeconds, user } as const;
    return { tokens, refreshToken };
  }
}
