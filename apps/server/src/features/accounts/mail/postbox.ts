import type { UserId } from "@hubbub/contract";
import type { Clock } from "../../../ports/clock.ts";
import type { Database } from "../../../ports/database.ts";
import type { MailKind } from "./letters.ts";

export interface PostedMail {
  readonly kind: MailKind;
  /** Null: whoever has the address when it is sent, if anyone. */
  readonly userId: UserId | null;
  readonly address: string;
}

/** Takes mails in the transaction that makes them due; they leave after its commit, also if this process dies. */
export class Postbox {
  readonly #clock: Clock;
  readonly #wake: () => void;

  /** @param wake looks for mails that are due */
  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** Call `posted` after the commit. */
  async post(db: Database, ...mails: readonly PostedMail[]): Promise<void> {
    const now = new Date(this.#clock.now());
    const rows = mails.map(({ kind, userId, address }) => ({
      ...{ id: crypto.randomUUID(), kind, user_id: userId, address },
      ...{ next_try_at: now, created_at: now },
    }));
    await db.insertInto("mails").values(rows).execute();
  }

  /** What was posted is committed: it need not wait for the next look. */
  posted(): void {
    this.#wake();
  }
}
