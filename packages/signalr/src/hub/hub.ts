import { HubEndpoint } from "../transports/endpoint.ts";
import type { HubEnvironment } from "./hub-environment.ts";
import { type HubMethod, type HubOptions, type HubTypes, settingsOf } from "./hub-options.ts";
import { HubServer } from "./hub-server.ts";

/**
 * The definition of a hub: what its clients may call and are sent. It may be served by several servers.
 * @typeParam Types its user and events
 * @typeParam Methods its methods, by name
 */
export class Hub<Types extends HubTypes, Methods extends object = object> {
  readonly #options: HubOptions<Types> & { readonly methods: Methods };
  readonly #servers = new WeakMap<HubEnvironment, HubServer<Types>>();

  /** @internal */
  constructor(options: HubOptions<Types> & { readonly methods: Methods }) {
    this.#options = options;
  }

  /** Where it is, like `/hubs/chat`. */
  get path(): string {
    return this.#options.path;
  }

  /** What clients may invoke; its type is what clients are typed by. */
  get methods(): Methods {
    return this.#options.methods;
  }

  /** Bytes of the largest message a client may send (rule P3). */
  get maximumMessageSize(): number {
    return settingsOf(this.#options).maximumMessageSize;
  }

  /**
   * @returns this hub as the given environment runs it; always the same one
   * @internal
   */
  in(environment: HubEnvironment): HubServer<Types> {
    const known = this.#servers.get(environment);
    if (known !== undefined) return known;
    const options = environment.instrumentation?.watch<Types>(this.#options) ?? this.#options;
    const server = new HubServer(options, environment);
    this.#servers.set(environment, server);
    return server;
  }

  /**
   * @returns the hub's HTTP face in the given environment
   * @internal
   */
  serve(environment: HubEnvironment): HubEndpoint<Types> {
    return new HubEndpoint(this.in(environment));
  }
}

/**
 * Defines a hub, in two steps so that its types are named once and everything else is inferred:
 * `defineHub<{ user: Session; events: ChatEvents }>()({ path, authenticate, methods })`.
 *
 * A limit that makes no sense is told by `createSignalR`.
 * @typeParam Types its user and events
 * @returns what takes the options and gives the hub
 * @example
 * ```ts
 * const chatHub = defineHub<{ user: undefined; events: { said: string } }>()({
 *   path: "/chat",
 *   authenticate: anonymous,
 *   methods: {
 *     say(call, text) {
 *       if (typeof text !== "string") throw new HubError("BAD_TEXT: A text is wanted.");
 *       call.clients.all.send("said", text);
 *     },
 *   },
 * });
 * ```
 */
export function defineHub<Types extends HubTypes>(): <Methods extends Readonly<Record<string, HubMethod<Types>>>>(
  options: HubOptions<Types> & { readonly methods: Methods },
) => Hub<Types, Methods> {
  return (options) => new Hub(options);
}
