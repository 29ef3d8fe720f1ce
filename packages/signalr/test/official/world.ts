import type { HubConnection, Subject } from "@microsoft/signalr";
import type { Combination } from "./combination.ts";
import type { Library } from "./library.ts";

export interface ClientOptions {
  readonly path?: string;
  readonly token?: string;
  readonly skipNegotiation?: boolean;
  readonly reconnects?: boolean;
}

/** What a script has: a way of its own to a server, and clients made as the combination says. */
export class World {
  readonly combination: Combination;
  readonly #library: Library;
  readonly #control: string;
  readonly #address: string;
  readonly #clients: HubConnection[] = [];

  private constructor(library: Library, combination: Combination, control: string, address: string) {
    this.#library = library;
    this.combination = combination;
    this.#control = control;
    this.#address = address;
  }

  static async open(library: Library, combination: Combination, control: string): Promise<World> {
    const address = await post(control, "ways", combination.runtime);
    return new World(library, combination, control, address);
  }

  build({ path = "/contract", token = "ada", skipNegotiation = false, reconnects = false }: ClientOptions = {}) {
    const { HttpTransportType, HubConnectionBuilder, JsonHubProtocol, LogLevel, MessagePackHubProtocol } =
      this.#library;
    const { transport, protocol, stateful } = this.combination;
    const builder = new HubConnectionBuilder()
      .withUrl(`${this.#address}${path}?from=here`, {
        transport: HttpTransportType[transport],
        skipNegotiation,
        accessTokenFactory: () => token,
        headers: { "x-kept": "contract" },
      })
      .withHubProtocol(protocol === "json" ? new JsonHubProtocol() : new MessagePackHubProtocol())
      .configureLogging(LogLevel.None);
    if (stateful) builder.withStatefulReconnect();
    if (reconnects) builder.withAutomaticReconnect([0, 100, 300, 1000, 2000]);
    const client = builder.build();
    this.#clients.push(client);
    return client;
  }

  async start(options: ClientOptions = {}): Promise<HubConnection> {
    const client = this.build(options);
    await client.start();
    return client;
  }

  subject<Item>(): Subject<Item> {
    return new this.#library.Subject<Item>();
  }

  /** Breaks all sockets between these clients and their server, without a farewell. */
  async breakSockets(): Promise<void> {
    await post(this.#control, "breaks", this.#address);
  }

  /** Breaks all sockets, and new ones too until it is mended: a browser repeats a broken poll unseen. */
  async cut(): Promise<void> {
    await post(this.#control, "outages", this.#address);
  }

  async mend(): Promise<void> {
    await post(this.#control, "mends", this.#address);
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.stop()));
  }
}

async function post(control: string, what: string, body: string): Promise<string> {
  const response = await fetch(`${control}/${what}`, { method: "POST", body });
  if (!response.ok) throw new Error(`${what}: ${response.status}`);
  return response.text();
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** @returns what came of it, an error as its text */
export function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: Error) => ({ error: error.message }));
}

/** @returns the items of a stream, and the error that ended it */
export function itemsOf(client: HubConnection, method: string, ...args: readonly unknown[]): Promise<unknown[]> {
  const items: unknown[] = [];
  return new Promise((resolve) => {
    client.stream(method, ...args).subscribe({
      next: (item) => items.push(item),
      error: (error: Error) => resolve([...items, { error: error.message }]),
      complete: () => resolve(items),
    });
  });
}

/** @returns with what a client is closed, once it is */
export function closureOf(client: HubConnection): Promise<string> {
  return new Promise((resolve) => client.onclose((error) => resolve(error?.message ?? "no error")));
}

/** @returns the status with which a start is refused, or what else it fails with */
export async function refusalOf(client: HubConnection): Promise<string> {
  try {
    await client.start();
  } catch (error) {
    const text = String(error);
    return /Status code '(\d+)'/.exec(text)?.[1] ?? text;
  }
  return "It was let in.";
}

export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
