import type { InvocationMessage } from "../protocol/messages.ts";
import type { ClientStream } from "./client-stream.ts";
import type { HubCall } from "./hub-call.ts";
import type { HubTypes } from "./hub-types.ts";
import type { Backlog } from "./turn-budget.ts";

/** What one connection has asked for: calls that run, and plain invocations that wait for a slot in the order they came. */
export class ConnectionCalls<Types extends HubTypes> implements Backlog {
  readonly #startNext: (calls: ConnectionCalls<Types>) => boolean;
  readonly waiting: InvocationMessage[] = [];
  /** How many plain invocations hold a slot. */
  running = 0;
  /** How many streaming methods run. */
  streaming = 0;
  /** Calls that run: the end of the connection cancels them. */
  readonly active = new Set<HubCall<Types>>();
  /** Those whose callers want an answer, by invocation id. */
  readonly calls = new Map<string, HubCall<Types>>();
  /** What the client streams to running calls, by stream id. */
  readonly uploads = new Map<string, ClientStream>();
  /** Whether the client is not read because too many invocations wait. */
  full = false;

  /** @param startNext starts the first that waits, and tells whether there is a slot for another */
  constructor(startNext: (calls: ConnectionCalls<Types>) => boolean) {
    this.#startNext = startNext;
  }

  goOn(): boolean {
    return this.#startNext(this);
  }

  get isIdle(): boolean {
    return this.active.size === 0 && this.waiting.length === 0;
  }
}
