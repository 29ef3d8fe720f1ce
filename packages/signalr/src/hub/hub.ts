import { HubEndpoint } from "../transports/endpoint.ts";
import type { HubEnvironment } from "./hub-environment.ts";
import { type HubMethod, type HubOptions, type HubTypes, settingsOf } from "./hub-options.ts";
import { HubServer } from "./hub-server.ts";

/** The definition of a hub: what its clients may call and are sent. It may be served by several servers. */
export class Hub<Types extends HubTypes, Methods extends object = object> {
  readonly #options: HubOptions<Types> & { readonly methods: Methods };
  readonly #servers = new WeakMap<HubEnvironment, HubServer<Types>>();

  constructor(options: HubOptions<Types> & { readonly methods: Methods }) {
    this.#options = options;
  }

  get path(): string {
    return this.#options.path;
  }

  /** What clients may invoke; its type is what clients are typed by. */
  get methods(): Methods {
    return this.#options.methods;
  }

  get maximumMessageSize(): number {
    return settingsOf(this.#options).maximumMessageSize;
  }

  /** @returns this hub as the given environment runs it; always the same one */
  in(environment: HubEnvironment): HubServer<Types> {
    const known = this.#servers.get(environment);
    if (known !== undefined) return known;
    const server = new HubServer(this.#options, environment);
    this.#servers.set(environment, server);
    return server;
  }

  /** @returns the hub's HTTP face in the given environment */
  serve(environment: HubEnvironment): HubEndpoint<Types> {
    return new HubEndpoint(this.in(environment));
  }
}

/**
 * Defines a hub, in two steps so that its types are named once and everything else is inferred:
 * `defineHub<{ user: Session; events: ChatEvents }>()({ path, authenticate, methods })`.
 */
export function defineHub<Types extends HubTypes>(): <Methods extends Readonly<Record<string, HubMethod<Types>>>>(
  options: HubOptions<Types> & { readonly methods: Methods },
) => Hub<Types, Methods> {
  return (options) => new Hub(options);
}
