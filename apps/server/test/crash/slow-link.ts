import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { freePort } from "../../src/testing/server-process.ts";

/** Milliseconds between two reads of what the server sends. */
const PAUSE_MS = 40;

/** Stands between a client and the server, and reads what the server sends slower than it is sent. */
export class SlowLink {
  readonly url: string;
  readonly #listener: Server;
  readonly #clients = new Set<Socket>();
  #isSlow = true;

  private constructor(port: number, target: number) {
    this.url = `http://127.0.0.1:${port}`;
    this.#listener = createServer((client) => this.#join(client, target)).listen(port, "127.0.0.1");
  }

  static async open(serverUrl: string): Promise<SlowLink> {
    return new SlowLink(await freePort(), Number(new URL(serverUrl).port));
  }

  /** From now on it reads as fast as it can. */
  hurry(): void {
    this.#isSlow = false;
  }

  close(): void {
    this.#listener.close();
    for (const client of this.#clients) client.destroy();
  }

  #join(client: Socket, target: number): void {
    const server = dial(target, "127.0.0.1");
    this.#clients.add(client);
    client.on("data", (chunk) => void server.write(chunk));
    server.on("data", (chunk) => {
      client.write(chunk);
      if (!this.#isSlow) return;
      server.pause();
      setTimeout(() => server.resume(), PAUSE_MS);
    });
    for (const [side, other] of [
      [client, server],
      [server, client],
    ] as const) {
      side.on("error", () => other.destroy());
      side.on("close", () => other.end());
    }
    client.on("close", () => this.#clients.delete(client));
  }
}
