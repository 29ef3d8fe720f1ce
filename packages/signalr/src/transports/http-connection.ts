import { timingSafeEqual } from "node:crypto";
import type { Identity } from "../hub/hub-options.ts";
import type { LongPollingTransport } from "./long-polling.ts";
import type { ServerSentEventsTransport } from "./server-sent-events.ts";

/** The transport a negotiated connection uses, once it has chosen. */
export type ChosenTransport =
  | { readonly name: "none" }
  | { readonly name: "WebSockets" }
  | { readonly name: "ServerSentEvents"; readonly transport: ServerSentEventsTransport }
  | { readonly name: "LongPolling"; readonly transport: LongPollingTransport };

/** A connection that was promised at negotiate, under its secret token, from then until its end. */
export class HttpConnection<User> {
  readonly connectionId: string;
  readonly identity: Identity<User>;
  chosen: ChosenTransport = { name: "none" };
  /** What is posted to a connection is applied one post at a time. */
  posts: Promise<void> = Promise.resolve();
  /** Whether a broken WebSocket may be replaced by another. */
  readonly resumable: boolean;
  readonly #accessToken: string | undefined;

  /** @param accessToken the token shown at negotiate: the same one need not be valid a second time */
  constructor(connectionId: string, identity: Identity<User>, accessToken: string | undefined, resumable: boolean) {
    this.resumable = resumable;
    this.connectionId = connectionId;
    this.identity = identity;
    this.#accessToken = accessToken;
  }

  /** @returns whether a request shows the very token that negotiate was given */
  wasNegotiatedWith(token: string | undefined): boolean {
    return token !== undefined && this.#accessToken !== undefined && isSameToken(token, this.#accessToken);
  }
}

/** Takes a time that tells nothing about where the tokens differ. */
function isSameToken(a: string, b: string): boolean {
  const [bytesOfA, bytesOfB] = [Buffer.from(a), Buffer.from(b)];
  return bytesOfA.length === bytesOfB.length && timingSafeEqual(bytesOfA, bytesOfB);
}
