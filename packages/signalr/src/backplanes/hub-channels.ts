/**
 * The names of a hub's channels, those of ASP.NET Core's Redis backplane and two more, of which its nodes know nothing.
 * A channel prefix is not part of them.
 */
export class HubChannels {
  readonly all: string;
  readonly groupCommands: string;
  /** Where all nodes are told whose connections are to end. */
  readonly departures: string;
  readonly #hub: string;

  /** @param hub the hub's name on all nodes, which begins every channel's */
  constructor(hub: string) {
    this.#hub = hub;
    this.all = `${hub}:all`;
    this.groupCommands = `${hub}:internal:groups`;
    this.departures = `${hub}:internal:departures`;
  }

  connection(id: string): string {
    return `${this.#hub}:connection:${id}`;
  }

  group(name: string): string {
    return `${this.#hub}:group:${name}`;
  }

  user(id: string): string {
    return `${this.#hub}:user:${id}`;
  }

  acknowledgements(server: string): string {
    return `${this.#hub}:internal:ack:${server}`;
  }

  results(server: string): string {
    return `${this.#hub}:internal:return:${server}`;
  }

  /** Where a node is told of requests for its connections, and how its own go on. */
  requests(node: string): string {
    return `${this.#hub}:internal:requests:${node}`;
  }
}
