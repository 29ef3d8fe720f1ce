import { AsyncLocalStorage } from "node:async_hooks";
import type { Authenticate, Identity } from "@hubbub/signalr";

/** The socket that a request came over. */
export interface RequestSocket {
  readonly secure: boolean;
  readonly localPort: number;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly remoteAddress: string;
}

/** The request that a connection runs on at present: what a method sees as its HTTP context. */
export interface HttpContext {
  readonly headers: Headers;
  readonly query: URLSearchParams;
  readonly socket: RequestSocket | undefined;
}

/** Whoever is behind a connection: the test hubs know them by their requests alone. */
export interface Visitor {
  http: HttpContext;
}

/**
 * Keeps the request of each connection. Negotiate makes the visitor; the WebSocket, the stream of events or the latest
 * poll then replaces its request, as it does on the reference server.
 */
export class Visitors {
  /** The socket whose request is being handled: what carries a request into a hub has no room for it. */
  readonly socket = new AsyncLocalStorage<RequestSocket>();
  readonly #byRequest = new WeakMap<Request, Visitor>();
  readonly #byToken = new Map<string, Visitor>();

  /** @returns the visitor that a request makes, copied, because a request may be gone once it is answered */
  admit(request: Request): Visitor {
    const visitor = { http: this.#contextOf(request) };
    this.#byRequest.set(request, visitor);
    return visitor;
  }

  /** A negotiation was answered with this token. */
  negotiated(request: Request, token: string): void {
    const visitor = this.#byRequest.get(request);
    if (visitor !== undefined) this.#byToken.set(token, visitor);
  }

  /** A connection's own request has come. */
  carriedBy(request: Request, token: string): void {
    const visitor = this.#byToken.get(token);
    if (visitor !== undefined) visitor.http = this.#contextOf(request);
  }

  forget(visitor: Visitor): void {
    for (const [token, other] of this.#byToken) if (other === visitor) this.#byToken.delete(token);
  }

  #contextOf(request: Request): HttpContext {
    return {
      headers: new Headers(request.headers),
      query: new URL(request.url).searchParams,
      socket: this.socket.getStore(),
    };
  }
}

/** Takes everyone, as the user whom an insecure header names. */
export function anyone(visitors: Visitors): Authenticate<Visitor> {
  return async (request) => ({
    userId: request.headers.get("super-insecure-username") ?? "",
    user: visitors.admit(request),
  });
}

/** Takes those who show a token that `subjectOf` knows. */
export function bearer(visitors: Visitors, subjectOf: (token: string) => string | undefined): Authenticate<Visitor> {
  return async (request, { token }): Promise<Identity<Visitor> | null> => {
    const userId = token === undefined ? undefined : subjectOf(token);
    return userId === undefined ? null : { userId, user: visitors.admit(request) };
  };
}
