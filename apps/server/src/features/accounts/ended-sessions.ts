import type { SessionId } from "@hubbub/contract";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";

/**
 * The sessions that ended while an access token of theirs may still be living. Bounded by what ends within one
 * lifetime of a token.
 */
export class EndedSessions {
  readonly #ended = new Map<SessionId, number>();
  readonly #clock: Clock;
  readonly #lifetimeMs: number;

  constructor(clock: Clock, lifetimeSeconds: number) {
    this.#clock = clock;
    this.#lifetimeMs = lifetimeSeconds * 1000;
  }

  /** What ended before this process started. */
  async load(db: Database): Promise<void> {
    const since = new Date(this.#clock.now() - this.#lifetimeMs);
    const rows = await db.selectFrom("sessions").select("id").where("ended_at", ">", since).execute();
    for (const { id } of rows) this.add(id);
  }

  /** @returns whether that is news */
  add(id: SessionId): boolean {
    if (this.#ended.has(id)) return false;
    const now = this.#clock.now();
    for (const [old, heardAt] of this.#ended) {
      if (now - heardAt <= this.#lifetimeMs) break; // in the order of hearing
      this.#ended.delete(old);
    }
    this.#ended.set(id, now);
    return true;
  }

  has(id: SessionId): boolean {
    return this.#ended.has(id);
  }
}
