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

/** Whoever is behind a connection. */
export interface Visitor {
  /** Of the request that the visitor came with. */
  readonly socket: RequestSocket | undefined;
}

/** The socket whose request is being handled: runtimes know it, and hubs do not. */
export const requestSocket = new AsyncLocalStorage<RequestSocket>();

/** Takes everyone, as the user whom an insecure header names. */
export const anyone: Authenticate<Visitor> = async (request) =>
  visitor(request.headers.get("super-insecure-username") ?? "");

/** Takes those who show a token that `subjectOf` knows. */
export function bearer(subjectOf: (token: string) => string | undefined): Authenticate<Visitor> {
  return async (_request, { token }) => {
    const userId = token === undefined ? undefined : subjectOf(token);
    return userId === undefined ? null : visitor(userId);
  };
}

function visitor(userId: string): Identity<Visitor> {
  return { userId, user: { socket: requestSocket.getStore() } };
}
