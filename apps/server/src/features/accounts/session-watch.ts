import type { SessionEnd } from "@hubbub/contract";
import type { Actor } from "../../ports/actor.ts";
import type { Clock } from "../../ports/clock.ts";
import { Unavailable } from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";

/** Milliseconds between two looks: sockets of a session that another node has ended close within a second. */
const LOOK_EVERY_MS = 500;

/** Milliseconds that a look reaches back: what the clocks of a fleet may differ, and a database may be away. */
const REACH_BACK_MS = 60_000;

export interface SessionWatchDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly ended: (session: Actor, reason: SessionEnd) => void;
  readonly onError: (error: unknown) => void;
}

/** Ends sessions that expire, and hears of those that other nodes ended. */
export class SessionWatch {
  readonly #deps: SessionWatchDeps;
  #timer: ReturnType<typeof setInterval> | undefined;
  #looking: Promise<void> | undefined;
  #lookedAt: number;

  constructor(deps: SessionWatchDeps) {
    this.#deps = deps;
    this.#lookedAt = deps.clock.now();
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking ??= this.look()
        .catch((error) => {
          // the database is away: the next look reaches back to the last one that saw something
          if (!(error instanceof Unavailable)) this.#deps.onError(error);
        })
        .finally(() => {
          this.#looking = undefined;
        });
    }, LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async look(): Promise<void> {
    const { db, clock, ended } = this.#deps;
    const now = clock.now();
    await db
      .updateTable("sessions")
      .set({ ended_at: new Date(now), end_reason: "expired" })
      .where("expires_at", "<=", new Date(now))
      .where("ended_at", "is", null)
      .execute();
    const rows = await db
      .selectFrom("sessions")
      .select(["id as sessionId", "user_id as userId", "end_reason as reason"])
      .where("ended_at", ">", new Date(Math.min(this.#lookedAt, now) - REACH_BACK_MS))
      .execute();
    this.#lookedAt = now;
    for (const { reason, ...session } of rows) ended(session, reason ?? "revoked");
  }
}
