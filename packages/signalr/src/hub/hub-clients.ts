import { type InvocationMessage, MessageType } from "../protocol/messages.ts";
import { SerializedMessage } from "../protocol/serialized-message.ts";
import type { Deliverer, Target } from "./deliver.ts";

/** Sends events to some connections. */
export interface EventSender<Events extends object> {
  /**
   * Sends an event with its one payload. It returns before anything is delivered; connections that are gone are no error.
   * @throws when the payload holds what a protocol cannot carry, like a cycle
   */
  send<Name extends keyof Events & string>(event: Name, payload: Events[Name]): void;
}

/** Sends events to one connection, or asks it for a result. */
export interface ConnectionSender<Events extends object> extends EventSender<Events> {
  /**
   * Invokes a method of the client and waits for what it returns, unchecked from the wire. A hub method that does this
   * wraps it in `call.whileWaiting`, so that its caller's other invocations are not held up.
   * @throws HubException when the client fails, is gone or goes, or `signal` fires
   */
  invoke<Name extends keyof Events & string>(
    event: Name,
    payload: Events[Name],
    signal?: AbortSignal,
  ): Promise<unknown>;
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

  connection(id: string): ConnectionSender<Events> {
    return {
      ...this.#to({ kind: "connection", id }),
      invoke: (event, payload, signal) => this.#deliverer.invoke(id, invocationOf(event, payload), signal),
    };
  }

  connections(ids: readonly string[]): EventSender<Events> {
    return this.#to(...ids.map((id) => ({ kind: "connection", id }) as const));
  }

  #to(...targets: readonly Target[]): EventSender<Events> {
    return {
      send: (event, payload) => {
        const message = eventMessage(event, payload);
        for (const target of targets) this.#deliverer.deliver(target, message);
      },
    };
  }
}

/** @returns the message that carries an event, encoded when first delivered */
export function eventMessage(event: string, payload: unknown): SerializedMessage {
  return new SerializedMessage(invocationOf(event, payload));
}

function invocationOf(event: string, payload: unknown): InvocationMessage {
  return { type: MessageType.invocation, target: event, arguments: [payload] };
}
