import type { Timed, TimerWheel } from "../hub/timer-wheel.ts";
import { type Frame, frameSize } from "../protocol/frame.ts";
import type { ConnectionRequest } from "./connection-request.ts";
import { congestedBytes, Gate, type HttpTransportSession, joinFrames, unreadLimit } from "./http-transport.ts";
import type { RequestPort } from "./request-port.ts";
import { emptyResponse } from "./responses.ts";
import type { Transport } from "./transport.ts";

export interface LongPollingTimes {
  /** Milliseconds a poll is held without data. */
  readonly pollTimeout: number;
  /** Milliseconds without a poll after which the client is taken for gone. */
  readonly disconnectTimeout: number;
}

interface Poll {
  readonly port: RequestPort;
  readonly since: number;
  readonly answer: (response: Response) => void;
}

/** Carries frames as the answers of polls, one of which the client always keeps waiting; the client sends by posts. */
export class LongPollingTransport implements Transport, Timed {
  readonly name = "LongPolling";
  readonly transferFormat = "Binary";
  readonly pings = false;
  readonly topics = null;
  readonly gate = new Gate();
  /** Of the latest poll. */
  request: ConnectionRequest | null = null;
  readonly #wheel: TimerWheel;
  readonly #times: LongPollingTimes;
  #session: HttpTransportSession | null = null;
  #frames: Frame[] = [];
  #bytes = 0;
  #poll: Poll | null = null;
  #lastPoll: number;
  #over = false;

  constructor(wheel: TimerWheel, times: LongPollingTimes) {
    this.#wheel = wheel;
    this.#times = times;
    this.#lastPoll = wheel.now;
  }

  get session(): HttpTransportSession | null {
    return this.#session;
  }

  /** Whether nothing more is carried. */
  get isOver(): boolean {
    return this.#over;
  }

  get isCongested(): boolean {
    return this.#bytes > congestedBytes;
  }

  /** @returns the answer of the first poll: empty and at once, so that the client knows it is connected */
  open(session: HttpTransportSession): Response {
    this.#session = session;
    this.#wheel.schedule(this, this.#period);
    return okay();
  }

  /** @returns what is buffered, or waits for it; a poll that waits already is ended */
  poll(port: RequestPort, signal: AbortSignal): Promise<Response> {
    this.#lastPoll = this.#wheel.now;
    this.#answer(emptyResponse(204));
    // The client may have gone while it was found out who it is.
    if (signal.aborted) return Promise.resolve(emptyResponse(204));
    if (this.#frames.length > 0) return Promise.resolve(this.#takeFrames());
    if (this.#over) return Promise.resolve(emptyResponse(204));
    port.keepOpen();
    return new Promise((answer) => {
      const poll: Poll = { port, since: this.#wheel.now, answer };
      this.#poll = poll;
      signal.addEventListener(
        "abort",
        () => {
          if (this.#poll === poll) this.#answer(emptyResponse(204));
        },
        { once: true },
      );
    });
  }

  /** What a poll took along has reached nobody: the client must not go on as if nothing was missing. */
  undelivered(): void {
    if (!this.#over) this.#lose();
  }

  /** The client ends the connection. */
  leave(): void {
    this.#session?.left();
  }

  write(frames: readonly Frame[]): void {
    if (this.#over) return;
    for (const frame of frames) {
      this.#frames.push(frame);
      this.#bytes += frameSize(frame);
    }
    if (this.#poll !== null) this.#answer(this.#takeFrames());
    else if (this.#bytes > unreadLimit) this.#lose();
  }

  setPaused(paused: boolean): void {
    this.gate.set(paused);
  }

  /** What is buffered can still be polled for a while. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.gate.set(false);
    this.#answer(emptyResponse(204));
    this.#session?.closed();
  }

  onTimer(now: number): number | null {
    if (this.#over) return null;
    if (this.#poll !== null) {
      if (now - this.#poll.since >= this.#times.pollTimeout) this.#answer(okay());
    } else if (now - this.#lastPoll >= this.#times.disconnectTimeout) {
      this.#lose();
      return null;
    }
    return this.#period;
  }

  get #period(): number {
    return Math.min(this.#times.pollTimeout, this.#times.disconnectTimeout);
  }

  #answer(response: Response): void {
    const poll = this.#poll;
    if (poll === null) return;
    this.#poll = null;
    this.#lastPoll = this.#wheel.now;
    poll.port.release();
    poll.answer(response);
  }

  #takeFrames(): Response {
    const body = joinFrames(this.#frames);
    this.#frames = [];
    this.#bytes = 0;
    // The connection may be ended from here, but not before this answer is made.
    queueMicrotask(() => this.#session?.drained());
    return okay(body);
  }

  #lose(): void {
    this.#session?.lost();
    this.close();
    this.#frames = [];
  }
}

function okay(body: Uint8Array<ArrayBuffer> | null = null): Response {
  const headers = { "content-type": "application/octet-stream", "cache-control": "no-store" };
  return new Response(body ?? new Uint8Array(0), { headers });
}
