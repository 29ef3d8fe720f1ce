import { createServer, connect as dial, type NetConnectOpts, type Server, type Socket } from "node:net";

/** Stands between a node and a service, and cuts it off on demand. */
export class Link {
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  /** @param at a port of the loopback address, or the path of a Unix socket */
  constructor(at: number | string, target: NetConnectOpts) {
    this.#listener = createServer((client) => this.#join(client, target));
    if (typeof at === "string") this.#listener.listen(at);
    else this.#listener.listen(at, "127.0.0.1");
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#listener.close();
  }

  #join(client: Socket, target: NetConnectOpts): void {
    if (this.#isCut) return void client.destroy();
    const server = dial(target);
    for (const [side, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(side);
      side.on("data", (chunk) => void other.write(chunk));
      side.on("error", () => other.destroy());
      side.on("close", () => {
        this.#sockets.delete(side);
        other.destroy();
      });
    }
  }
}
