import type { HubName, UserId } from "@hubbub/contract";
import type { JWK } from "jose";
import type { Operation } from "../../operations/operation.ts";
import type { Actor } from "../../ports/actor.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Mailer } from "../../ports/mailer.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { AccessTokens } from "./access-tokens.ts";
import { changePasswordOperation } from "./change-password.ts";
import { cleanUpSessions } from "./clean-up-sessions.ts";
import { Confirmation } from "./confirmation.ts";
import { createHubTicketOperation } from "./create-hub-ticket.ts";
import { EndedSessions } from "./ended-sessions.ts";
import { AccountRemoval } from "./ending/account-removal.ts";
import { endSuspensions } from "./ending/end-suspensions.ts";
import { endingOperations } from "./ending/index.ts";
import { HubTickets } from "./hub-tickets.ts";
import { identityOperations, type ProviderSettings } from "./identities/index.ts";
import { isAdmin } from "./is-admin.ts";
import { listSessionsOperation } from "./list-sessions.ts";
import { loginOperation } from "./login.ts";
import { logoutOperation } from "./logout.ts";
import { logoutAllOperation } from "./logout-all.ts";
import { createMail, type MailDeps, type MailSettings, mailOperations } from "./mail/index.ts";
import type { Postman } from "./mail/postman.ts";
import { createPasskeys } from "./passkeys/index.ts";
import type { RelyingParty } from "./passkeys/relying-party.ts";
import { PasswordRules } from "./password-rules.ts";
import { Passwords } from "./passwords.ts";
import { refreshOperation } from "./refresh.ts";
import { type Keys, RefreshTokens } from "./refresh-tokens.ts";
import { type Registration, registerOperation } from "./register.ts";
import { registrationInviteOperations } from "./registration-invites/index.ts";
import { revokeSessionOperation } from "./revoke-session.ts";
import { createSecondFactor } from "./second-factor/index.ts";
import { SessionWatch } from "./session-watch.ts";
import { Sessions } from "./sessions.ts";

export { recordAudit } from "./audit/record-audit.ts";
export { accountDeleted, accountSuspensionChanged } from "./ending/account-events.ts";
export { GOOGLE_KEYS } from "./identities/google-tokens.ts";
export { isAdmin } from "./is-admin.ts";
export { relyingPartyOf } from "./passkeys/relying-party.ts";
export { accountSections } from "./personal-sections.ts";

export interface AccountsSettings extends MailSettings {
  readonly registration: Registration;
  readonly passwordMin: number;
  readonly accessTokenMinutes: number;
  readonly refreshTokenDays: number;
  readonly issuer: string;
  readonly audience: string;
  readonly hostIsLoopback: boolean;
  /** Whose word is taken for who someone is. */
  readonly providers: ProviderSettings;
  /** Whose passkeys browsers may use here. */
  readonly relyingParty: RelyingParty;
}

export interface AccountsDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly broadcaster: Pick<Broadcaster, "endSession">;
  readonly outbox: Pick<Outbox, "write" | "handOver">;
  readonly settings: AccountsSettings;
  /** 32 bytes for a purpose, derived from the server's secret key, then the same of the key before it. */
  readonly deriveKeys: (purpose: string) => Keys;
  readonly onError: (error: unknown) => void;
  readonly mailer: Mailer;
  readonly onMailFailure: MailDeps["onFailure"];
  /** A provider of identities cannot be reached, or its answer is wrong. */
  readonly onProviderFailure: (provider: string, error: unknown) => void;
}

export interface Accounts {
  readonly operations: readonly Operation[];
  /** Who bears this access token; undefined if it is not good, or its session has ended. */
  readonly authenticate: (token: string) => Promise<Actor | undefined>;
  /** The same for a connection to a hub, which may come with a ticket instead: it is used up. */
  readonly authenticateForHub: (token: string, hub: HubName) => Promise<Actor | undefined>;
  /** The keys by which others may check access tokens. */
  readonly publicKeys: { readonly keys: readonly JWK[] };
  /** Ends what expires and hears of what other nodes end, once it is started. */
  readonly sessionWatch: SessionWatch;
  /** Sends what is in the postbox, once it is started. */
  readonly postman: Postman;
  /** Removes what has expired, with connections that may be slow. */
  readonly cleanUp: (db: Database) => Promise<void>;
  /** Lets those in again whose suspension is over by itself. */
  readonly endSuspensions: (db: Database) => Promise<void>;
  /** Whether this session has not ended, as far as a token of it could still be good. */
  readonly isLiving: (actor: Actor) => boolean;
  /** The code that makes the first account an admin, while there is no admin. */
  readonly setupCode: () => Promise<string | undefined>;
}

/** Accounts and their sessions: who you are, on which device. */
export async function createAccounts(deps: AccountsDeps): Promise<Accounts> {
  const { db, clock, broadcaster, outbox, settings, deriveKeys, onError, onProviderFailure } = deps;
  const lifetimeSeconds = settings.accessTokenMinutes * 60;
  const { issuer, audience } = settings;
  const accessTokens = new AccessTokens(
    { seeds: deriveKeys("access token"), issuer, audience, lifetimeSeconds },
    clock,
  );
  const refreshTokens = new RefreshTokens(deriveKeys("refresh token"), deriveKeys("refresh token successor"));
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
  const hubTickets = new HubTickets(db, clock);
  const passwords = new Passwords();
  const passwordRules = await PasswordRules.load(settings.passwordMin);
  const setupCode = Buffer.from(deriveKeys("setup code")[0]).toString("hex").slice(0, 32);
  const authenticate = async (token: string) => {
    const actor = await accessTokens.verify(token);
    return actor === undefined || endedSessions.has(actor.sessionId) ? undefined : actor;
  };
  const { mailer, onMailFailure } = deps;
  const key = deriveKeys("mail token")[0];
  const mail = createMail({ db, clock, mailer, key, settings, onError, onFailure: onMailFailure });
  const { postbox } = mail;
  const confirmation = new Confirmation(db, clock, passwords);
  const secondFactor = createSecondFactor({ db, clock, confirmation, sessions, keys: deriveKeys("totp") });
  const removal = new AccountRemoval({ db, clock, sessions, postbox, outbox });
  const forAdmins = { db, clock, isAdmin: (user: UserId) => isAdmin(db, user) };
  const party = settings.relyingParty;
  const passkeys = createPasskeys({ db, clock, confirmation, sessions, keys: deriveKeys("passkey challenge"), party });
  return {
    operations: [
      registerOperation({ db, clock, passwords, passwordRules, postbox, setupCode, ...settings }),
      loginOperation({ db, passwords, sessions, challenges: secondFactor.challenges }),
      ...secondFactor.operations,
      ...passkeys.operations,
      refreshOperation({ sessions }),
      logoutOperation({ sessions }),
      logoutAllOperation({ sessions }),
      listSessionsOperation({ db, clock }),
      revokeSessionOperation({ sessions }),
      createHubTicketOperation({ hubTickets }),
      changePasswordOperation({ db, passwords, passwordRules, sessions, postbox }),
      ...mailOperations({ db, passwords, passwordRules, sessions, confirmation, ...mail }),
      ...endingOperations({ ...forAdmins, confirmation, removal, sessions, outbox }),
      ...registrationInviteOperations(forAdmins),
      ...identityOperations({
        db,
        clock,
        sessions,
        confirmation,
        flowKeys: deriveKeys("sign-in under way"),
        settings: { registration: settings.registration, providers: settings.providers },
        onProviderFailure,
      }),
    ],
    authenticate,
    authenticateForHub: (token, hub) =>
      HubTickets.isTicket(token) ? hubTickets.redeem(token, hub) : authenticate(token),
    publicKeys: accessTokens.publicKeys,
    sessionWatch: new SessionWatch({ db, clock, onError, ended: (session, reason) => sessions.ended(session, reason) }),
    postman: mail.postman,
    cleanUp: async (slow) => {
      await cleanUpSessions(slow, clock);
      await mail.tokens.cleanUp(slow);
      await secondFactor.cleanUp(slow);
      await removal.finish(slow);
      await passkeys.cleanUp(slow);
    },
    endSuspensions: (slow) => endSuspensions({ db: slow, clock, outbox }),
    isLiving: ({ sessionId }) => !endedSessions.has(sessionId),
    setupCode: async () => {
      const admin = await db.selectFrom("users").select("id").where("is_admin", "=", true).limit(1).executeTakeFirst();
      return admin === undefined ? setupCode : undefined;
    },
  };
}
