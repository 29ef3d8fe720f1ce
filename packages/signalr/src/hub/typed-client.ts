import type { Hub } from "./hub.ts";
import type { EventHandler } from "./hub-events.ts";

/** As much of the official client's `HubConnection` as a typed client needs. */
export interface ClientConnection {
  /**
   * Invokes a method and waits for its result.
   * @param method its name
   * @param args what it is given
   * @returns its result
   */
  invoke<Result>(method: string, ...args: unknown[]): Promise<Result>;
  /**
   * Invokes a method and does not wait for it.
   * @param method its name
   * @param args what it is given
   * @returns what resolves when it is sent
   */
  send(method: string, ...args: unknown[]): Promise<void>;
  /**
   * Listens to an event.
   * @param event its name
   * @param handler called with its arguments
   */
  on(event: string, handler: (...args: never[]) => unknown): void;
  /**
   * Ends listening to an event.
   * @param event its name
   * @param handler the one that listened
   */
  off(event: string, handler: (...args: never[]) => unknown): void;
}

/**
 * The arguments of a method defined with a schema; anything for others.
 * @typeParam Method a hub's
 */
export type ArgsOf<Method> = Method extends {
  readonly signature?: { readonly args: infer Args extends readonly unknown[] };
}
  ? Args
  : readonly unknown[];

/**
 * What a method resolves to.
 * @typeParam Method a hub's
 */
export type ResultOf<Method> = Method extends (...args: never[]) => infer Result ? Awaited<Result> : unknown;

/**
 * A connection that knows what its hub offers.
 * @typeParam Events event name → payload or function
 * @typeParam Methods the hub's methods, by name
 */
export interface TypedClient<Events extends object, Methods extends object> {
  /**
   * Invokes a method and waits for its result.
   * @param name its name
   * @param args what it is given
   * @returns its result
   */
  invoke<Name extends keyof Methods & string>(
    name: Name,
    ...args: ArgsOf<Methods[Name]>
  ): Promise<ResultOf<Methods[Name]>>;
  /**
   * Invokes a method and does not wait for it.
   * @param name its name
   * @param args what it is given
   * @returns what resolves when it is sent
   */
  send<Name extends keyof Methods & string>(name: Name, ...args: ArgsOf<Methods[Name]>): Promise<void>;
  /**
   * Listens to an event.
   * @param event its name
   * @param handler called with its arguments; what it returns is the answer where the hub asks for one
   * @returns what ends it
   */
  on<Name extends keyof Events & string>(event: Name, handler: EventHandler<Events[Name]>): () => void;
}

/**
 * Types a client by the hub it talks to: `typedClient<typeof chatHub>(connection)`. Only the hub's type is needed, so
 * a client need not load the server's code.
 * @typeParam Served the hub's type
 * @param connection a connection of the official client
 * @returns the connection, with the hub's methods and events
 */
export function typedClient<Served>(
  connection: ClientConnection,
): Served extends Hub<infer Types, infer Methods> ? TypedClient<Types["events"], Methods> : never;
export function typedClient(connection: ClientConnection): TypedClient<object, object> {
  return {
    invoke: (name: string, ...args: readonly unknown[]) => connection.invoke(name, ...args),
    send: (name: string, ...args: readonly unknown[]) => connection.send(name, ...args),
    on(event: string, handler: (...args: never[]) => unknown) {
      connection.on(event, handler);
      return () => connection.off(event, handler);
    },
  };
}
