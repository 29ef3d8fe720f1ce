import type { HubRequest } from "./hub-request.ts";
import type { RequestUrl } from "./request-url.ts";

/** What is kept of the request that carries a connection, where the hub asks for it. */
export interface ConnectionRequest {
  readonly url: RequestUrl;
  readonly headers: Headers;
  /** Of the client, or of the proxy before it; undefined where the runtime cannot tell. */
  readonly remoteAddress: string | undefined;
}

/** Copies what is kept: the request itself holds its body and its socket. */
export function connectionRequestOf({ request, url, port }: HubRequest): ConnectionRequest {
  return { url, headers: new Headers(request.headers), remoteAddress: port.remoteAddress };
}
