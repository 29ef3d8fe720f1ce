import { Redis } from "ioredis";

/** Milliseconds after which Redis counts as gone. */
const PATIENCE_MS = 2_000;

/** Asks Redis for a sign of life, over a connection of its own. */
export class RedisPing {
  readonly #client: Redis;

  constructor(url: string) {
    this.#client = new Redis(url, {
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      connectTimeout: PATIENCE_MS,
      commandTimeout: PATIENCE_MS,
      retryStrategy: () => PATIENCE_MS,
    });
    this.#client.on("error", () => undefined); // who asks hears of it
  }

  async ping(): Promise<void> {
    await this.#client.ping();
  }

  close(): void {
    this.#client.disconnect();
  }
}
