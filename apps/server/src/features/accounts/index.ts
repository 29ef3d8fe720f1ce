import type { Operation } from "../../operations/operation.ts";
import type { Actor } from "../../ports/actor.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import { AccessTokens } from "./access-tokens.ts";
import { EndedSessions } from "./ended-sessions.ts";
import { loginOperation } from "./login.ts";
import { logoutOperation } from "./logout.ts";
import { Passwords } from "./passwords.ts";
import { refreshOperation } from "./refresh.ts";
import { RefreshTokens } from "./refresh-tokens.ts";
import { registerOperation } from "./register.ts";
import { Sessions } from "./sessions.ts";

export interface AccountsSettings {
  readonly registration: "open" | "closed";
  readonly passwordMin: number;
  readonly accessTokenMinutes: number;
  readonly refreshTokenDays: number;
  readonly issuer: string;
  readonly audience: string;
  readonly hostIsLoopback: boolean;
}

export interface AccountsDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly broadcaster: Pick<Broadcaster, "endSession">;
  readonly settings: AccountsSettings;
  /** 32 bytes for a purpose, derived from the server's secret key. */
  readonly deriveKey: (purpose: string) => Uint8Array;
}

export interface Accounts {
  readonly operations: readonly Operation[];
  /** Who bears this access token; undefined if it is not good, or its session has ended. */
  readonly authenticate: (token: string) => Promise<Actor | undefined>;
  /** Whether this session has not ended, as far as a token of it could still be good. */
  readonly isLiving: (actor: Actor) => boolean;
  /** The code that makes the first account an admin, while there is no admin. */
  readonly setupCode: () => Promise<string | undefined>;
}

/** Accounts and their sessions: who you are, on which device. */
export async function createAccounts({ db, clock, broadcaster, settings, deriveKey }: AccountsDeps): Promise<Accounts> {
  const lifetimeSeconds = settings.accessTokenMinutes * 60;
  const { issuer, audience } = settings;
  const accessTokens = new AccessTokens({ seed: deriveKey("access token"), issuer, audience, lifetimeSeconds }, clock);
  const refreshTokens = new RefreshTokens(deriveKey("refresh token"), deriveKey("refresh token successor"));
  const endedSessions = new EndedSessions(clock, lifetimeSeconds);
  await endedSessions.load(db);
  const { refreshTokenDays } = settings;
  const sessions = new Sessions({
    db,
    clock,
    accessTokens,
    refreshTokens,
    endedSessions,
    broadcaster,
    refreshTokenDays,
  });
  const passwords = new Passwords();
  const setupCode = Buffer.from(deriveKey("setup code")).toString("hex").slice(0, 32);
  return {
    operations: [
      registerOperation({ db, passwords, setupCode, ...settings }),
      loginOperation({ db, passwords, sessions }),
      refreshOperation({ sessions }),
      logoutOperation({ sessions }),
    ],
    authenticate: async (token) => {
      const actor = await accessTokens.verify(token);
      return actor === undefined || endedSessions.has(actor.sessionId) ? undefined : actor;
    },
    isLiving: ({ sessionId }) => !endedSessions.has(sessionId),
    setupCode: async () => {
      const admin = await db.selectFrom("users").select("id").where("is_admin", "=", true).limit(1).executeTakeFirst();
      return admin === undefined ? setupCode : undefined;
    },
  };
}
