import { type InvocationMessage, MessageType } from "../protocol/messages.ts";
import { SerializedMessage } from "../protocol/serialized-message.ts";
import type { Deliverer, Target } from "./deliver.ts";
import type { EventArguments, PayloadEventName } from "./hub-events.ts";

/**
 * Sends events to some connections.
 * @typeParam Events event name → payload or function
 */
export interface EventSender<Events extends object> {
  /**
   * Sends an event of one argument. It returns before anything is delivered; connections that are gone are no error.
   * @param event name of the event
   * @param payload its one argument
   * @throws when the payload holds what a protocol cannot carry, like a cycle
   */
  send<Name extends PayloadEventName<Events>>(event: Name, payload: Events[Name]): void;
  /**
   * Sends an event of any number of arguments, likewise.
   * @param event name of the event
   * @param args its arguments, typed by the function that the event is in `HubTypes`
   * @throws when an argument holds what a protocol cannot carry, like a cycle
   */
  send<Name extends keyof Events & string>(event: Name, ...args: EventArguments<Events[Name]>): void;
}

/**
 * Sends events to one connection, or asks it for a result.
 * @typeParam Events event name → payload or function
 */
export interface ConnectionSender<Events extends object> extends EventSender<Events> {
  /**
   * Invokes a method of the client and waits for what it returns, unchecked from the wire. A hub method that does this
   * wraps it in `call.whileWaiting`, so that its caller's other invocations are not held up (rule D8).
   * @param event name of the client's method
   * @param payload its one argument
   * @returns what the client's method returned
   * @throws HubException when the client fails or the signal fires, Error when the client is gone or goes
   */
  invoke<Name extends PayloadEventName<Events>>(event: Name, payload: Events[Name]): Promise<unknown>;
  /**
   * Invokes a method of the client with any number of arguments, likewise.
   * @param event name of the client's method
   * @param args its arguments
   * @returns what the client's method returned
   * @throws HubException when the client fails or the signal fires, Error when the client is gone or goes
   */
  invoke<Name extends keyof Events & string>(event: Name, ...args: EventArguments<Events[Name]>): Promise<unknown>;
}

/** How long a client's result is waited for. */
export interface WaitOptions {
  /** Gives up waiting; nothing else does while the client is there. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sending to clients by who or where they are, from inside a hub's methods and from outside (rule L1). Each connection
 * receives everything in the order it was issued (rule S1).
 * @typeParam Events event name → payload or function
 */
export class HubClients<Events extends object> {
  readonly #deliverer: Deliverer;

  /** @internal */
  constructor(deliverer: Deliverer) {
    this.#deliverer = deliverer;
  }

  /** Every connection. */
  get all(): EventSender<Events> {
    return this.#to({ kind: "all" });
  }

  /**
   * Every connection but some.
   * @param connectionIds those that are left out
   * @returns what sends to the others
   */
  allExcept(connectionIds: readonly string[]): EventSender<Events> {
    return this.#to({ kind: "all", except: connectionIds });
  }

  /**
   * The connections in a group.
   * @param name name of the group
   * @returns what sends to them
   */
  group(name: string): EventSender<Events> {
    return this.#to({ kind: "group", name });
  }

  /**
   * The connections in a group but some.
   * @param name name of the group
   * @param connectionIds those that are left out
   * @returns what sends to the others
   */
  groupExcept(name: string, connectionIds: readonly string[]): EventSender<Events> {
    return this.#to({ kind: "group", name, except: connectionIds });
  }

  /**
   * The connections in several groups; one that is in two of them gets two.
   * @param names names of the groups
   * @returns what sends to them
   */
  groups(names: readonly string[]): EventSender<Events> {
    return this.#to(...names.map((name) => ({ kind: "group", name }) as const));
  }

  /**
   * Every connection of a user.
   * @param id what `authenticate` called them
   * @returns what sends to them
   */
  user(id: string): EventSender<Events> {
    return this.#to({ kind: "user", id });
  }

  /**
   * Every connection of several users.
   * @param ids what `authenticate` called them
   * @returns what sends to them
   */
  users(ids: readonly string[]): EventSender<Events> {
    return this.#to(...ids.map((id) => ({ kind: "user", id }) as const));
  }

  /**
   * One connection.
   * @param id its id
   * @param options how long a result is waited for; default as long as the client is there
   * @returns what sends to it, and asks it
   */
  connection(id: string, options: WaitOptions = {}): ConnectionSender<Events> {
    return {
      ...this.#to({ kind: "connection", id }),
      invoke: (event: string, ...args: readonly unknown[]) =>
        this.#deliverer.invoke(id, invocationOf(event, args), options.signal),
    };
  }

  /**
   * Several connections.
   * @param ids their ids
   * @returns what sends to them
   */
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
