import type { MessageHeaders } from "../protocol/messages.ts";
import type { Connection } from "./connection.ts";
import type { HubTypes } from "./hub-options.ts";

const noHeaders: MessageHeaders = {};

/** One invocation of a hub method: who called, and whether they still wait. */
export class HubCall<Types extends HubTypes> {
  readonly connection: Connection<Types>;
  /** Absent when the caller wants no answer. */
  readonly invocationId: string | undefined;
  /** The name the caller used. */
  readonly target: string;
  readonly headers: MessageHeaders;
  #cancelled = false;
  #controller: AbortController | null = null;

  constructor(
    connection: Connection<Types>,
    target: string,
    invocationId?: string,
    headers: MessageHeaders = noHeaders,
  ) {
    this.connection = connection;
    this.target = target;
    this.invocationId = invocationId;
    this.headers = headers;
  }

  get connectionId(): string {
    return this.connection.id;
  }

  get userId(): string {
    return this.connection.userId;
  }

  get user(): Types["user"] {
    return this.connection.user;
  }

  /** Aborted when the caller cancels or is gone. Made when first asked for: most methods never look. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Fires the signal. */
  cancel(): void {
    this.#cancelled = true;
    this.#controller?.abort();
  }
}
