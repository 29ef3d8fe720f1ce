import type { ChatEventName, ChatEvents, NumberedEvent } from "@hubbub/contract";
import type { ConnectionState } from "../connection/chat-connection.ts";
import { HubbubError } from "../hubbub-error.ts";
import { Listeners } from "../listeners.ts";
import { eventListeners } from "../store/event-listeners.ts";

export interface Faults {
  /** From 0 to below 1, seeded. */
  readonly random: () => number;
  /** Share of calls that fail, half of them after they took effect; and of pushes lost, repeated or late. */
  share: number;
}

/** A connection that loses, repeats and reorders: for tests only. */
export class SimulatedNetwork {
  readonly faults: Faults;
  readonly #numbered = new Listeners<NumberedEvent>();
  readonly #states = new Listeners<ConnectionState>();
  readonly #handlers = eventListeners();
  /** The calls made so far. */
  readonly log: string[] = [];
  #underWay = 0;
  state: ConnectionState = { status: "stopped" };

  constructor(faults: Faults) {
    this.faults = faults;
  }

  readonly onState = (listener: (state: ConnectionState) => void): (() => void) => this.#states.add(listener);

  on<Name extends ChatEventName>(name: Name, listener: (payload: ChatEvents[Name]) => void): () => void {
    return this.#handlers[name].add(listener);
  }

  readonly onNumbered = (listener: (event: NumberedEvent) => void): (() => void) => this.#numbered.add(listener);

  setState(state: ConnectionState): void {
    this.state = state;
    this.#states.emit(state);
  }

  async call<Answer>(name: string, act: () => Answer): Promise<Answer> {
    this.log.push(name);
    this.#underWay++;
    try {
      return await this.#deliver(act);
    } finally {
      this.#underWay--;
    }
  }

  /** Whether no call is under way. */
  get isQuiet(): boolean {
    return this.#underWay === 0;
  }

  pushNumbered(event: NumberedEvent): void {
    const { random, share } = this.faults;
    if (this.state.status === "online" && random() >= share) this.#numbered.emit(event);
  }

  push<Name extends ChatEventName>(name: Name, payload: ChatEvents[Name]): void {
    if (this.state.status !== "online") return;
    const { random, share } = this.faults;
    const fate = random();
    const deliver = (): void => this.#handlers[name].emit(structuredClone(payload));
    if (fate < share / 3) return;
    if (fate < (share / 3) * 2) setTimeout(deliver, random() * 8);
    else deliver();
    if (fate > 1 - share / 3) setTimeout(deliver, random() * 8);
  }

  async #deliver<Answer>(act: () => Answer): Promise<Answer> {
    const fate = this.faults.random();
    await this.#latency();
    if (fate < this.faults.share / 2) throw HubbubError.network(undefined);
    const answer = act();
    await this.#latency();
    if (fate < this.faults.share) throw HubbubError.network(undefined);
    return structuredClone(answer);
  }

  #latency(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.faults.random() * 3));
  }
}
