import type { UserId, UserStatus } from "@hubbub/contract";

/** Which connection watches whom, and what each was told last. */
export class Watches {
  readonly #watched = new Map<string, Set<UserId>>();
  readonly #watchers = new Map<UserId, Set<string>>();
  readonly #told = new Map<string, Map<UserId, string>>();

  watchedBy(connection: string): ReadonlySet<UserId> {
    return this.#watched.get(connection) ?? new Set();
  }

  watchersOf(person: UserId): ReadonlySet<string> {
    return this.#watchers.get(person) ?? new Set();
  }

  get isEmpty(): boolean {
    return this.#watchers.size === 0;
  }

  watch(connection: string, people: Iterable<UserId>): void {
    const watched = this.#watched.get(connection) ?? new Set();
    this.#watched.set(connection, watched);
    for (const person of people) {
      watched.add(person);
      this.#watchers.set(person, (this.#watchers.get(person) ?? new Set()).add(connection));
    }
  }

  unwatch(connection: string, people: Iterable<UserId>): void {
    const watched = this.#watched.get(connection);
    for (const person of [...people]) {
      watched?.delete(person);
      this.#told.get(connection)?.delete(person);
      const watchers = this.#watchers.get(person);
      if (watchers?.delete(connection) && watchers.size === 0) this.#watchers.delete(person);
    }
    if (watched?.size === 0) this.#watched.delete(connection);
  }

  /** The connection has ended. */
  end(connection: string): void {
    this.unwatch(connection, this.watchedBy(connection));
    this.#told.delete(connection);
  }

  /** Of whom this connection was told something. */
  toldOf(connection: string): UserId[] {
    return [...(this.#told.get(connection)?.keys() ?? [])];
  }

  /** The client has been told this by an answer. */
  answered(connection: string, status: UserStatus): void {
    this.#tell(connection, status);
  }

  /**
   * Takes note of what a connection may see now.
   * @returns whether that is news. To whom nothing was told yet, offline is none: it would betray that something else
   * has changed about a person whom they may not see.
   */
  isNews(connection: string, status: UserStatus): boolean {
    const before = this.#told.get(connection)?.get(status.userId);
    const now = this.#tell(connection, status);
    return before === undefined ? status.presence !== "offline" : before !== now;
  }

  #tell(connection: string, status: UserStatus): string {
    const told = this.#told.get(connection) ?? new Map<UserId, string>();
    const now = JSON.stringify(status);
    this.#told.set(connection, told.set(status.userId, now));
    return now;
  }
}
