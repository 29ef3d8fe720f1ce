import type { MessageHeaders } from "../protocol/messages.ts";
import type { ClientStream } from "./client-stream.ts";
import type { HubClients } from "./hub-clients.ts";
import type { HubConnection, HubTypes } from "./hub-types.ts";

const noHeaders: MessageHeaders = {};
const noStreams: readonly ClientStream[] = [];

/** Who is in which group, on this node. */
export interface Groups {
  addToGroup(connectionId: string, group: string): boolean;
  removeFromGroup(connectionId: string, group: string): boolean;
}

/** What a call was made with, and what it does to its place in the queue. */
export interface CallContext<Types extends HubTypes> {
  readonly clients: HubClients<Types["events"]>;
  readonly groups: Groups;
  /** The method's name, as the caller wrote it. */
  readonly target: string;
  readonly invocationId?: string | undefined;
  readonly headers?: MessageHeaders | undefined;
  readonly streams?: readonly ClientStream[] | undefined;
  /** Gives the call's slot to the next invocation, or takes one back. */
  readonly setWaiting?: (waiting: boolean) => void;
}

/**
 * One invocation of a hub method: who called, with what, and whether they still wait. ASP.NET Core's `Hub` has the same
 * in `Context`, `Clients` and `Groups`.
 * @typeParam Types what the hub was defined with
 */
export class HubCall<Types extends HubTypes> {
  /** The caller. */
  readonly connection: HubConnection<Types>;
  readonly #context: CallContext<Types>;
  #cancelled = false;
  #controller: AbortController | null = null;
  #onCancel: (() => void) | null = null;

  /** @internal */
  constructor(connection: HubConnection<Types>, context: CallContext<Types>) {
    this.connection = connection;
    this.#context = context;
  }

  /** The method's name, as the caller wrote it. */
  get target(): string {
    return this.#context.target;
  }

  /** What the caller knows the call by; absent when it wants no answer (rule D2). */
  get invocationId(): string | undefined {
    return this.#context.invocationId;
  }

  /** What the caller sent beside the arguments, like a trace id (rule D9). */
  get headers(): MessageHeaders {
    return this.#context.headers ?? noHeaders;
  }

  /** What the caller streams to the method, in the order of its stream arguments (rule D7). */
  get streams(): readonly ClientStream[] {
    return this.#context.streams ?? noStreams;
  }

  /** Sends to clients of the hub, on whatever node they are. */
  get clients(): HubClients<Types["events"]> {
    return this.#context.clients;
  }

  /**
   * Adds the caller to a group: it gets what is sent there from now on. Nothing happens when it is gone.
   * @param name any name: a group exists while it has members
   */
  joinGroup(name: string): void {
    this.#context.groups.addToGroup(this.connectionId, name);
  }

  /**
   * Removes the caller from a group: nothing sent there from now on reaches it (rule L2).
   * @param name name of the group
   */
  leaveGroup(name: string): void {
    this.#context.groups.removeFromGroup(this.connectionId, name);
  }

  /** The id of the caller's connection. Public: other clients may know it. */
  get connectionId(): string {
    return this.connection.id;
  }

  /** Who called, as `authenticate` named them; empty for someone unknown. */
  get userId(): string {
    return this.connection.userId;
  }

  /** What `authenticate` found out about the caller. */
  get user(): Types["user"] {
    return this.connection.user;
  }

  /** Whether the caller has cancelled or is gone. */
  get isCancelled(): boolean {
    return this.#cancelled;
  }

  /** Aborted when the caller cancels or is gone (rule D5). Made when first asked for: most methods never look. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /**
   * Waits without holding up the caller's other invocations. To be used for everything that only the caller can bring
   * about, like the result of another client's method that may wait for this one (rule D8).
   * @typeParam Result of what is waited for
   * @param result what is waited for
   * @returns what it resolves to; rejects as it does
   */
  async whileWaiting<Result>(result: Promise<Result>): Promise<Result> {
    this.#context.setWaiting?.(true);
    try {
      return await result;
    } finally {
      this.#context.setWaiting?.(false);
    }
  }

  /**
   * Fires the signal. Belongs to the dispatcher.
   * @internal
   */
  cancel(): void {
    this.#cancelled = true;
    this.#controller?.abort();
    this.#onCancel?.();
  }

  /**
   * Sets the one listener of a cancellation, called at once when it has happened. Belongs to the dispatcher.
   * @internal
   */
  onCancel(listener: () => void): void {
    this.#onCancel = listener;
    if (this.#cancelled) listener();
  }
}
