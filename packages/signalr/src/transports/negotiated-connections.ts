import { timingSafeEqual } from "node:crypto";
import type { Identity } from "../hub/hub-options.ts";
import type { Timed, TimerWheel } from "../hub/timer-wheel.ts";

/** A connection that was promised at negotiate and whose transport has not opened yet. */
export interface NegotiatedConnection<User> {
  readonly connectionId: string;
  readonly identity: Identity<User>;
  /** The token shown at negotiate: the same one need not be valid a second time. */
  readonly accessToken: string | undefined;
}

/** The connections promised by negotiate, by their secret token, until they are taken up or time is over. */
export class NegotiatedConnections<User> {
  readonly #byToken = new Map<string, NegotiatedConnection<User>>();
  readonly #wheel: TimerWheel;
  readonly #lifetime: number;

  /** @param lifetime milliseconds a promise holds */
  constructor(wheel: TimerWheel, lifetime: number) {
    this.#wheel = wheel;
    this.#lifetime = lifetime;
  }

  add(token: string, negotiated: NegotiatedConnection<User>): void {
    this.#byToken.set(token, negotiated);
    const expiry: Timed = {
      onTimer: () => {
        if (this.#byToken.get(token) === negotiated) this.#byToken.delete(token);
        return null;
      },
    };
    this.#wheel.schedule(expiry, this.#lifetime);
  }

  get(token: string): NegotiatedConnection<User> | undefined {
    return this.#byToken.get(token);
  }

  /** @returns false when it was taken up or timed out before */
  take(token: string): boolean {
    return this.#byToken.delete(token);
  }
}

/** @returns whether two tokens are the same, in a time that tells nothing about where they differ */
export function isSameToken(a: string, b: string): boolean {
  const [bytesOfA, bytesOfB] = [Buffer.from(a), Buffer.from(b)];
  return bytesOfA.length === bytesOfB.length && timingSafeEqual(bytesOfA, bytesOfB);
}
