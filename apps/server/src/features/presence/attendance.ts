import type { UserId } from "@hubbub/contract";
import type { PresentConnection } from "../../ports/hub-connections.ts";

/** Milliseconds that someone stays present after their last connection ended: a page that reloads does not flicker. */
export const GRACE_MS = 8_000;

/** What has to be written of who came and who went. */
export interface AttendanceChange {
  readonly arrived: readonly UserId[];
  readonly gone: readonly UserId[];
}

/**
 * Who is present on this node, over all devices, and what of it is not yet written: the database knows everyone who is
 * here or leaving, but for the unwritten.
 */
export class Attendance {
  /** The connections of each; most have one, and a set of one costs 250 bytes. */
  readonly #connections = new Map<UserId, string | Set<string>>();
  /** Whose last connection has ended: when they are gone. */
  readonly #leaving = new Map<UserId, number>();
  readonly #unwritten = new Set<UserId>();

  connected({ id, userId }: PresentConnection): void {
    if (!this.#isKnown(userId)) this.#unwritten.add(userId);
    this.#leaving.delete(userId);
    const others = this.#connections.get(userId);
    if (others === undefined) this.#connections.set(userId, id);
    else if (typeof others === "string") this.#connections.set(userId, new Set([others, id]));
    else others.add(id);
  }

  /** @param now milliseconds */
  disconnected({ id, userId }: PresentConnection, now: number): void {
    const connections = this.#connections.get(userId);
    const wasLast =
      typeof connections === "object" ? connections.delete(id) && connections.size === 0 : connections === id;
    if (!wasLast) return;
    this.#connections.delete(userId);
    this.#leaving.set(userId, now + GRACE_MS);
  }

  /** What has changed since the last time; it counts as written unless it is given back. */
  take(now: number): AttendanceChange {
    const gone: UserId[] = [];
    for (const [userId, at] of this.#leaving) {
      if (at > now) continue;
      this.#leaving.delete(userId);
      if (!this.#unwritten.delete(userId)) gone.push(userId);
    }
    const arrived = [...this.#unwritten];
    this.#unwritten.clear();
    return { arrived, gone };
  }

  /** It could not be written. */
  giveBack({ arrived, gone }: AttendanceChange): void {
    for (const userId of arrived) if (this.#isKnown(userId)) this.#unwritten.add(userId);
    for (const userId of gone) if (!this.#isKnown(userId)) this.#leaving.set(userId, 0); // the others are back already
  }

  /** The database has forgotten this node. */
  forgotten(): void {
    for (const known of [this.#connections, this.#leaving])
      for (const userId of known.keys()) this.#unwritten.add(userId);
  }

  #isKnown(userId: UserId): boolean {
    return this.#connections.has(userId) || this.#leaving.has(userId);
  }
}
