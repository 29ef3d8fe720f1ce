import { type InvocationMessage, MessageType } from "../protocol/messages.ts";
import { SerializedMessage } from "../protocol/serialized-message.ts";
import type { Deliverer, Target } from "./deliver.ts";
import type { EventArguments, PayloadEventName } from "./hub-events.ts";

/** Sends events to some connections. */
export interface EventSender<Events extends object> {
  /**
   * Sends an event. It returns before anything is delivered; connections that are gone are no error.
   * @throws when an argument holds what a protocol cannot carry, like a cycle
   */
  send<Name extends PayloadEventName<Events>>(event: Name, payload: Events[Name]): void;
  send<Name extends keyof Events & string>(event: Name, ...args: EventArguments<Events[Name]>): void;
}

/** Sends events to one connection, or asks it for a result. */
export interface ConnectionSender<Events extends object> extends EventSender<Events> {
  /**
   * Invokes a method of the client and waits for what it returns, unchecked from the wire. A hub method that does this
   * wraps it in `call.whileWaiting`, so that its caller's other invocations are not held up.
   * @throws HubException when the client fails, is gone or goes, or the signal fires
   */
  invoke<Name extends PayloadEventName<Events>>(event: Name, payload: Events[Name]): Promise<unknown>;
  invoke<Name extends keyof Events & string>(event: Name, ...args: EventArguments<Events[Name]>): Promise<unknown>;
}

/** How long a client's result is waited for. */
export interface WaitOptions {
  /** Gives up waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** Sending to clients by who or where they are, from inside a hub's methods and from outside. */
export class HubClients<Events extends object> {
  readonly #deliverer: Deliverer;

  constructor(deliverer: Deliverer) {
    this.#deliverer = deliverer;
  }

  get all(): EventSender<Events> {
    return this.#to({ kind: "all" });
  }

  allExcept(connectionIds: readonly string[]): EventSender<Events> {
    return this.#to({ kind: "all", except: connectionIds });
  }

  group(name: string): EventSender<Events> {
    return this.#to({ kind: "group", name });
  }

  groupExcept(name: string, connectionIds: readonly string[]): EventSender<Events> {
    return this.#to({ kind: "group", name, except: connectionIds });
  }

  groups(names: readonly string[]): EventSender<Events> {
    return this.#to(...names.map((name) => ({ kind: "group", name }) as const));
  }

  user(id: string): EventSender<Events> {
    return this.#to({ kind: "user", id });
  }

  users(ids: readonly string[]): EventSender<Events> {
    return this.#to(...ids.map((id) => ({ kind: "user", id }) as const));
  }

  connection(id: string, { signal }: WaitOptions = {}): ConnectionSender<Events> {
    return {
      ...this.#to({ kind: "connection", id }),
      invoke: (event: string, ...args: readonly unknown[]) =>
        this.#deliverer.invoke(id, invocationOf(event, args), signal),
    };
  }

  connections(ids: readonly string[]): EventSender<Events> {
    return this.#to(...ids.map((id) => ({ kind: "connection", id }) as const));
  }

  #to(...targets: readonly Target[]): EventSender<Events> {
    return {
      send: (event: string, ...args: readonly unknown[]) => {
        const message = eventMessage(event, args);
        for (const target of targets) this.#deliverer.deliver(target, message);
      },
    };
  }
}

/** @returns the message that carries an event, encoded when first delivered */
export function eventMessage(event: string, args: readonly unknown[]): SerializedMessage {
  return new SerializedMessage(invocationOf(event, args));
}

function invocationOf(event: string, args: readonly unknown[]): InvocationMessage {
  return { type: MessageType.invocation, target: event, arguments: args };
}
