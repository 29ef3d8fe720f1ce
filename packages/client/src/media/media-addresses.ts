import type { MediaId } from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";
import { retryDelay } from "../connection/backoff.ts";
import { HubbubError } from "../hubbub-error.ts";

/** An address is asked for anew when it has less than this left, milliseconds. */
const renewBefore = 60_000;
/** Asked for at the same time, at most: a screen full of pictures must not use up what a person may ask in a second. */
const mostAtOnce = 6;
/** Tries for one address while the server says that it may come later. */
const tries = 4;

interface Address {
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly renewAt: number;
}

/** Where media can be loaded from: asked for once for all who show them, and kept while it is good [M4]. */
export class MediaAddresses {
  readonly #api: Pick<HubbubApi, "call">;
  readonly #known = new Map<MediaId, Address>();
  readonly #asking = new Map<MediaId, Promise<string>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(api: Pick<HubbubApi, "call">) {
    this.#api = api;
  }

  /** @returns what is known to be good now */
  peek(id: MediaId): string | undefined {
    const known = this.#known.get(id);
    return known !== undefined && Date.now() < known.renewAt ? known.url : undefined;
  }

  /** @throws HubbubError `NOT_FOUND` for what is not there, or not for one's eyes */
  get(id: MediaId): Promise<string> {
    const known = this.peek(id);
    if (known !== undefined) return Promise.resolve(known);
    const asking = this.#asking.get(id);
    if (asking !== undefined) return asking;
    const begun = this.#ask(id).finally(() => this.#asking.delete(id));
    this.#asking.set(id, begun);
    return begun;
  }

  /** Goes before the server's: of what is at hand, which needs no loading. */
  keep(id: MediaId, url: string): void {
    this.#known.set(id, { url, renewAt: Number.POSITIVE_INFINITY });
  }

  /** What could not be loaded from an address is asked for anew; who comes late with an old one changes nothing. */
  forget(id: MediaId, url: string): void {
    if (this.#known.get(id)?.url === url) this.#known.delete(id);
  }

  async #ask(id: MediaId): Promise<string> {
    await this.#turn();
    try {
      for (let failures = 1; ; failures++) {
        try {
          const { url, expiresAt } = await this.#api.call("getMediaUrl", { mediaId: id });
          this.#known.set(id, { url, renewAt: Date.parse(expiresAt) - renewBefore });
          return url;
        } catch (error) {
          if (!(error instanceof HubbubError) || !error.retryable || failures === tries) throw error;
          await new Promise((resolve) => setTimeout(resolve, retryDelay(failures)));
        }
      }
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    while (this.#running >= mostAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
  }
}
