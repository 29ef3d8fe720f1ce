import type { UserId } from "@hubbub/contract";
import type { PresentConnection } from "../../ports/hub-connections.ts";

/** Milliseconds that someone stays present after their last connection ended: a page that reloads does not flicker. */
export const GRACE_MS = 8_000;

/** What has to be written of who came and who went. */
export interface AttendanceChange {
  readonly arrived: readonly UserId[];
  readonly gone: readonly UserId[];
}

/** Who is present on this node, over all devices, and what of it is not yet written. */
export class Attendance {
  readonly #connections = new Map<UserId, Set<string>>();
  /** Whose last connection has ended: when they are gone. */
  readonly #leaving = new Map<UserId, number>();
  /** Whom the database knows as present here. */
  readonly #written = new Set<UserId>();
  readonly #unwritten = new Set<UserId>();

  connected({ id, userId }: PresentConnection): void {
    const connections = this.#connections.get(userId) ?? new Set();
    this.#connections.set(userId, connections.add(id));
    this.#leaving.delete(userId);
    if (!this.#written.has(userId)) this.#unwritten.add(userId);
  }

  /** @param now milliseconds */
  disconnected({ id, userId }: PresentConnection, now: number): void {
    const connections = this.#connections.get(userId);
    if (connections?.delete(id) !== true || connections.size > 0) return;
    this.#connections.delete(userId);
    this.#leaving.set(userId, now + GRACE_MS);
  }

  /** What has changed since the last time; it counts as written unless it is given back. */
  take(now: number): AttendanceChange {
    const gone: UserId[] = [];
    for (const [userId, at] of this.#leaving) {
      if (at > now) continue;
      this.#leaving.delete(userId);
      this.#unwritten.delete(userId);
      if (this.#written.delete(userId)) gone.push(userId);
    }
    const arrived = [...this.#unwritten];
    this.#unwritten.clear();
    for (const userId of arrived) this.#written.add(userId);
    return { arrived, gone };
  }

  /** It could not be written. */
  giveBack({ arrived, gone }: AttendanceChange): void {
    for (const userId of arrived) if (this.#written.delete(userId)) this.#unwritten.add(userId);
    for (const userId of gone) {
      if (this.#unwritten.has(userId)) continue; // back already
      this.#written.add(userId);
      this.#leaving.set(userId, 0);
    }
  }

  /** The database has forgotten this node. */
  forgotten(): void {
    for (const userId of this.#written) this.#unwritten.add(userId);
    this.#written.clear();
  }
}
