import type { UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Clock } from "../../../ports/clock.ts";
import { Unavailable } from "../../../ports/conversation-writer.ts";
import type { Database } from "../../../ports/database.ts";
import type { Mailer } from "../../../ports/mailer.ts";
import { letterOf, type MailKind, type MailPurpose, purposeOf } from "./letters.ts";
import type { MailTokens } from "./mail-tokens.ts";

/** Milliseconds between two looks for mails that are due: those of other nodes, and those to be tried again. */
const LOOK_EVERY_MS = 5_000;
/** Seconds that one try may take; then another node may try. */
const CLAIM_SECONDS = 120;
/** Seconds from a failed try to the next; a mail that fails after the last of them is given up. */
const DELAYS: readonly number[] = [10, 60, 300, 1_800, 7_200];
/** Milliseconds that a stop waits for a mail server. */
const STOP_MS = 5_000;

const pages: Readonly<Record<MailPurpose, string>> = {
  verifyEmail: "verify-email",
  changeEmail: "verify-email",
  resetPassword: "reset-password",
};

export interface PostmanDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly mailer: Mailer;
  readonly tokens: MailTokens;
  /** Under which people reach the server. */
  readonly publicUrl: string;
  readonly onError: (error: unknown) => void;
  /** A mail could not be sent: it is tried again, or not. Knows nothing secret. */
  readonly onFailure: (about: {
    readonly mail: string;
    readonly kind: string;
    readonly reason: string;
    readonly givenUp: boolean;
  }) => void;
}

interface Claimed {
  readonly id: string;
  readonly kind: MailKind;
  readonly user_id: UserId | null;
  readonly address: string;
  readonly tries: number;
}

/** Takes what is in the postbox to the mail server, at least once. */
export class Postman {
  readonly #deps: PostmanDeps;
  #timer: ReturnType<typeof setInterval> | undefined;
  #walking: Promise<void> | undefined;
  #isAsked = false;
  #stopping = false;

  constructor(deps: PostmanDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
    this.wake();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await Promise.race([this.#walking, Bun.sleep(STOP_MS)]);
  }

  wake(): void {
    this.#isAsked = true;
    if (this.#timer === undefined) return;
    this.#walking ??= this.#walk().finally(() => {
      this.#walking = undefined;
    });
  }

  async #walk(): Promise<void> {
    while (this.#isAsked && !this.#stopping) {
      this.#isAsked = false;
      try {
        while (!this.#stopping && (await this.deliverNext()));
      } catch (error) {
        if (!(error instanceof Unavailable)) this.#deps.onError(error);
      }
    }
  }

  /** @returns whether there was one that was due */
  async deliverNext(): Promise<boolean> {
    const mail = await this.#claim();
    if (mail === undefined) return false;
    try {
      await this.#send(mail);
    } catch (error) {
      await this.#failed(mail, error);
      return true;
    }
    await this.#deps.db.deleteFrom("mails").where("id", "=", mail.id).execute();
    return true;
  }

  async #claim(): Promise<Claimed | undefined> {
    const now = new Date(this.#deps.clock.now());
    const { rows } = await sql<Claimed>`
      update mails m set tries = m.tries + 1, next_try_at = ${now}::timestamptz + make_interval(secs => ${CLAIM_SECONDS})
      from (
        select id from mails where next_try_at <= ${now} order by next_try_at limit 1 for update skip locked
      ) due
      where m.id = due.id
      returning m.id, m.kind, m.user_id, m.address, m.tries`.execute(this.#deps.db);
    return rows[0];
  }

  async #send({ id, kind, user_id, address }: Claimed): Promise<void> {
    const { db, mailer, tokens, publicUrl } = this.#deps;
    const user = db.selectFrom("users").select(["id", "display_name", "email"]);
    const person = await (user_id === null
      ? user.where("email_key", "=", address.toLowerCase())
      : user.where("id", "=", user_id)
    ).executeTakeFirst();
    if (person === undefined) return; // nobody's address
    const purpose = purposeOf(kind);
    const to = user_id === null ? person.email : address;
    if (purpose === undefined) return mailer.send(letterOf(kind, to, person.display_name, publicUrl, undefined));
    const token = await tokens.issue(db, id, { userId: person.id, purpose, address: to });
    if (token === undefined) return; // taken back meanwhile
    const link = `${publicUrl}/${pages[purpose]}#token=${token}`;
    await mailer.send(letterOf(kind, to, person.display_name, publicUrl, link));
  }

  async #failed({ id, kind, tries }: Claimed, error: unknown): Promise<void> {
    const { db, clock, onFailure } = this.#deps;
    const delay = DELAYS[tries - 1];
    if (delay === undefined) await db.deleteFrom("mails").where("id", "=", id).execute();
    else
      await db
        .updateTable("mails")
        .set({ next_try_at: new Date(clock.now() + delay * 1000) })
        .where("id", "=", id)
        .execute();
    onFailure({ mail: id, kind, reason: reasonOf(error), givenUp: delay === undefined });
  }
}

/** Codes alone: what a mail server answers may repeat what it was sent. */
function reasonOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  const told = ["code", "responseCode", "command"].map((field) => Object.getOwnPropertyDescriptor(error, field)?.value);
  return told.filter((each) => typeof each === "string" || typeof each === "number").join(" ") || "unknown";
}
