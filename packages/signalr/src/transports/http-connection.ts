import { timingSafeEqual } from "node:crypto";
import type { ConnectionTraits } from "../hub/connection-host.ts";
import type { Identity } from "../hub/hub-options.ts";
import type { LongPollingTransport } from "./long-polling.ts";
import type { ServerSentEventsTransport } from "./server-sent-events.ts";

/** The transport a negotiated connection uses, once it has chosen. */
export type ChosenTransport =
  | { readonly name: "none" }
  | { readonly name: "WebSockets" }
  | { readonly name: "ServerSentEvents"; readonly transport: ServerSentEventsTransport }
  | { readonly name: "LongPolling"; readonly transport: LongPollingTransport };

const none: ChosenTransport = { name: "none" };
const webSockets: ChosenTransport = { name: "WebSockets" };

/** Connections by their secret tokens. */
export type HttpConnections<User> = Map<string, HttpConnection<User>>;

/** A connection that was promised at negotiate, under its secret token, from then until its end. */
export class HttpConnection<User> implements ConnectionTraits {
  readonly connectionId: string;
  readonly identity: Identity<User>;
  chosen: ChosenTransport = none;
  /** Whether a broken WebSocket may be replaced by another. */
  readonly resumable: boolean;
  readonly #known: HttpConnections<User>;
  readonly #token: string;
  /** What was shown at negotiate: the same need not be valid a second time. */
  #accessToken: string | undefined;
  #posts: Promise<void> | null = null;

  /** @param known where it is found by its token until it ends */
  constructor(
    known: HttpConnections<User>,
    token: string,
    connectionId: string,
    identity: Identity<User>,
    { accessToken, resumable }: { readonly accessToken: string | undefined; readonly resumable: boolean },
  ) {
    this.#known = known;
    this.#token = token;
    this.connectionId = connectionId;
    this.identity = identity;
    this.#accessToken = accessToken;
    this.resumable = resumable;
  }

  /** A WebSocket that is not replaced makes no further requests. */
  chooseWebSockets(): void {
    this.chosen = webSockets;
    if (!this.resumable) this.#accessToken = undefined;
  }

  /** What is posted to a connection is applied one post at a time. */
  apply(post: () => Promise<void>): Promise<void> {
    const applied = this.#posts === null ? post() : this.#posts.then(post);
    this.#posts = applied.catch(() => undefined);
    return applied;
  }

  /** @returns whether a request shows the very token that negotiate was given */
  wasNegotiatedWith(token: string | undefined): boolean {
    return token !== undefined && this.#accessToken !== undefined && isSameToken(token, this.#accessToken);
  }

  /** An open WebSocket that is not replaced is found by what its token tells, where it is not the id itself. */
  letGo(): boolean {
    if (this.resumable || this.chosen !== webSockets || this.#token === this.connectionId) return false;
    this.onEnd();
    return true;
  }

  /** Forgets the connection. */
  onEnd(): void {
    this.#known.delete(this.#token);
  }
}

/** Takes a time that tells nothing about where the tokens differ. */
function isSameToken(a: string, b: string): boolean {
  const [bytesOfA, bytesOfB] = [Buffer.from(a), Buffer.from(b)];
  return bytesOfA.length === bytesOfB.length && timingSafeEqual(bytesOfA, bytesOfB);
}
