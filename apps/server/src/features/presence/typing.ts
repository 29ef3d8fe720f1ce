import { type ConversationId, limits, type UserId } from "@hubbub/contract";
import type { Clock } from "../../ports/clock.ts";

/** Where someone types, and from which connection. */
export interface TypingPlace {
  readonly userId: UserId;
  readonly conversationId: ConversationId;
  readonly connection: string;
}

interface Typist extends TypingPlace {
  /** Tells that they stopped. */
  readonly stopped: () => void;
  /** Rises with every renewal. */
  renewals: number;
}

/** Who types where. It is told at most every 2 s a person, and ends by itself unless it is renewed. */
export class Typing {
  readonly #clock: Clock;
  readonly #later: (act: () => void, milliseconds: number) => void;
  readonly #typists = new Map<string, Typist>();
  /** When it was last told of someone. */
  readonly #toldAt = new Map<UserId, number>();

  /** @param later how to wait */
  constructor(
    clock: Clock,
    later: (act: () => void, milliseconds: number) => void = (act, milliseconds) =>
      void setTimeout(act, milliseconds).unref(),
  ) {
    this.#clock = clock;
    this.#later = later;
  }

  /** Prolongs what was told just now. @returns false if it has to be judged and told anew */
  renew(place: TypingPlace): boolean {
    const typist = this.#typists.get(keyOf(place));
    if (typist === undefined || !this.#isPausing(place.userId)) return false;
    this.#expire(typist);
    return true;
  }

  /** Tells, unless the person was told of just now. @param told tells it @param stopped tells its end */
  start(place: TypingPlace, told: () => void, stopped: () => void): void {
    if (this.#isPausing(place.userId)) return;
    const typist = { ...place, stopped, renewals: this.#typists.get(keyOf(place))?.renewals ?? 0 };
    this.#typists.set(keyOf(place), typist);
    const now = this.#clock.now();
    this.#toldAt.set(place.userId, now);
    this.#later(() => {
      if (this.#toldAt.get(place.userId) === now) this.#toldAt.delete(place.userId);
    }, limits.typing.pause);
    told();
    this.#expire(typist);
  }

  stop(place: Pick<TypingPlace, "userId" | "conversationId">): void {
    const typist = this.#typists.get(keyOf(place));
    if (typist === undefined) return;
    this.#typists.delete(keyOf(place));
    typist.stopped();
  }

  /** The connection has ended. */
  left(connection: string): void {
    for (const typist of [...this.#typists.values()]) if (typist.connection === connection) this.stop(typist);
  }

  #isPausing(userId: UserId): boolean {
    const toldAt = this.#toldAt.get(userId);
    return toldAt !== undefined && this.#clock.now() - toldAt < limits.typing.pause;
  }

  #expire(typist: Typist): void {
    const renewals = ++typist.renewals;
    this.#later(() => {
      if (this.#typists.get(keyOf(typist)) === typist && typist.renewals === renewals) this.stop(typist);
    }, limits.typing.lasts);
  }
}

const keyOf = ({ userId, conversationId }: Pick<TypingPlace, "userId" | "conversationId">): string =>
  `${userId} ${conversationId}`;
