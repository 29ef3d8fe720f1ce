import { createHash, randomBytes } from "node:crypto";
import type { HubName } from "@hubbub/contract";
import type { Actor } from "../../ports/actor.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";

const LIFETIME_SECONDS = 30;

/** Tells a ticket from an access token, which begins with a JSON object. */
const PREFIX = "ticket_";

const hashOf = (ticket: string): Buffer => createHash("sha256").update(ticket).digest();

/** Tickets of 32 random bytes, each good once, for one hub. */
export class HubTickets {
  readonly lifetimeSeconds = LIFETIME_SECONDS;
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  static isTicket(token: string): boolean {
    return token.startsWith(PREFIX);
  }

  async issue({ sessionId }: Actor, hub: HubName): Promise<string> {
    const ticket = PREFIX + randomBytes(32).toString("base64url");
    const expires_at = new Date(this.#clock.now() + LIFETIME_SECONDS * 1000);
    await this.#db
      .insertInto("hub_tickets")
      .values({ hash: hashOf(ticket), session_id: sessionId, hub, expires_at })
      .execute();
    return ticket;
  }

  /** Uses a ticket up. @returns whose it was; undefined if it is used, expired, of another hub or of a session that ended */
  async redeem(ticket: string, hub: HubName): Promise<Actor | undefined> {
    const now = new Date(this.#clock.now());
    return this.#db
      .with("used", (db) =>
        db.deleteFrom("hub_tickets").where("hash", "=", hashOf(ticket)).returning(["session_id", "hub", "expires_at"]),
      )
      .selectFrom("used")
      .innerJoin("sessions", "sessions.id", "used.session_id")
      .select(["sessions.id as sessionId", "sessions.user_id as userId"])
      .where("used.hub", "=", hub)
      .where("used.expires_at", ">", now)
      .where("sessions.ended_at", "is", null)
      .where("sessions.expires_at", ">", now)
      .executeTakeFirst();
  }
}
