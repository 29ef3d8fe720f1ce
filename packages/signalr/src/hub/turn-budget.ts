import type { Clock } from "./clock.ts";
import type { EndOfTurn } from "./turn-flusher.ts";

/** What someone has left to do, and can do piece by piece. */
export interface Backlog {
  /** Does the next piece. @returns whether there is another that can be done now */
  goOn(): boolean;
}

/** Milliseconds. What is begun may take longer, but nothing is begun after it. */
const timeInTurn = 0.5;
/** Milliseconds of one that may have several small things done. */
const timeInPiece = 0.1;

/**
 * How much is done in one turn of the event loop of what clients ask for, so that nobody waits long for a turn of their
 * own. Who has used up the turn's time leaves a backlog; all who have one go on in the next turns, each a piece in a round.
 */
export class TurnBudget {
  readonly #clock: Clock;
  readonly #endOfTurn: EndOfTurn;
  readonly #waiting = new Set<Backlog>();
  /** When the time of this turn is used up; null before anything is done in it. */
  #until: number | null = null;
  /** When the piece that is done has used up its time. */
  #pieceUntil = 0;
  #goesOn = false;

  constructor(clock: Clock, endOfTurn: EndOfTurn = setImmediate) {
    this.#clock = clock;
    this.#endOfTurn = endOfTurn;
  }

  /** Whether more should wait for another turn. Asking begins the time of this one, and of a piece. */
  get isSpent(): boolean {
    const now = this.#clock.now();
    this.#pieceUntil = now + timeInPiece;
    if (this.#until !== null) return now >= this.#until;
    this.#until = now + timeInTurn;
    this.#endOfTurn(this.#nextTurn);
    return false;
  }

  /** Whether the piece that is being done should end. */
  get isPieceSpent(): boolean {
    return this.#clock.now() >= this.#pieceUntil;
  }

  /** Has `backlog` go on as soon as there is time, behind those who wait already. */
  wait(backlog: Backlog): void {
    this.#waiting.add(backlog);
    this.#goOn();
  }

  /** @returns when there is time for something that is done once, behind all who wait; undefined when that is now */
  admit(): Promise<void> | undefined {
    if (this.#waiting.size === 0 && !this.isSpent) return undefined;
    return new Promise((resolve) => {
      const goOn = () => {
        resolve();
        return false;
      };
      this.wait({ goOn });
    });
  }

  /** Whether `backlog` lacks nothing but time. */
  isWaiting(backlog: Backlog): boolean {
    return this.#waiting.has(backlog);
  }

  /** Runs a task in the next turn, when all that was begun in this one is through. */
  onNextTurn(task: () => void): void {
    this.#endOfTurn(task);
  }

  readonly #nextTurn = () => {
    this.#until = null;
    this.#goOn();
  };

  /** What a piece brings about is done in microtasks, and belongs to the time: so each piece is one of them too. */
  #goOn(): void {
    if (this.#goesOn || this.#waiting.size === 0 || this.isSpent) return;
    this.#goesOn = true;
    queueMicrotask(this.#doNext);
  }

  readonly #doNext = () => {
    this.#goesOn = false;
    for (const backlog of this.#waiting) {
      this.#waiting.delete(backlog);
      if (backlog.goOn()) this.#waiting.add(backlog);
      break;
    }
    this.#goOn();
  };
}
