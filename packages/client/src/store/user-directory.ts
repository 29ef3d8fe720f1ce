import type { User, UserId } from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";
import { retryDelay } from "../connection/backoff.ts";
import { StateCell } from "./state-cell.ts";

/** The most that one `GET /users?ids=` takes. */
const mostPerCall = 200;
/** Ids wanted within this are asked for together, milliseconds. */
const gatherFor = 20;

export type Users = ReadonlyMap<UserId, User>;

/** Names and pictures of people, asked for in batches and kept. */
export class UserDirectory {
  readonly users = new StateCell<Users>(new Map());
  readonly #api: Pick<HubbubApi, "call">;
  readonly #wanted = new Set<UserId>();
  /** Asked for, whether or not there was an answer: an id that means nobody is not asked for again. */
  readonly #asked = new Set<UserId>();
  readonly #recalled = new Set<UserId>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(api: Pick<HubbubApi, "call">) {
    this.#api = api;
  }

  /** Takes in people who came with something else. */
  learn(people: Iterable<User>): void {
    const unknown = [...people].filter((user) => !looksAlike(this.users.get().get(user.id), user));
    if (unknown.length === 0) return;
    this.users.update((known) => {
      const users = new Map(known);
      for (const user of unknown) users.set(user.id, user);
      return users;
    });
  }

  /** Takes in people as they were known once: who is wanted is asked for all the same. */
  recall(people: readonly User[]): void {
    this.learn(people);
    for (const { id } of people) this.#recalled.add(id);
  }

  /** Makes their names known before long. */
  want(ids: Iterable<UserId>): void {
    for (const id of ids) {
      const isKnown = this.users.get().has(id) && !this.#recalled.has(id);
      if (!isKnown && !this.#asked.has(id)) this.#wanted.add(id);
    }
    if (this.#wanted.size > 0) this.#timer ??= setTimeout(() => void this.#ask(), gatherFor);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#wanted.clear();
  }

  async #ask(): Promise<void> {
    const ids = [...this.#wanted].slice(0, mostPerCall);
    for (const id of ids) this.#asked.add(id);
    for (const id of ids) this.#wanted.delete(id);
    let pause = 0;
    try {
      const { items } = await this.#api.call("listUsers", { ids, limit: mostPerCall });
      this.#failures = 0;
      this.learn(items);
    } catch {
      for (const id of ids) this.#asked.delete(id);
      for (const id of ids) this.#wanted.add(id);
      pause = retryDelay(++this.#failures);
    }
    this.#timer = this.#wanted.size > 0 ? setTimeout(() => void this.#ask(), pause) : undefined;
  }
}

function looksAlike(known: User | undefined, user: User): boolean {
  return known?.displayName === user.displayName && known.avatarMediaId === user.avatarMediaId;
}
