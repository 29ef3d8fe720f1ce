import type { RequestUrl } from "./request-url.ts";

/** What is kept of the request that carries a connection, where the hub asks for it. */
export interface ConnectionRequest {
  /** Its path and query. */
  readonly url: RequestUrl;
  /** A copy of its headers. */
  readonly headers: Headers;
  /** Of the client, or of the proxy before it; undefined where the runtime cannot tell. */
  readonly remoteAddress: string | undefined;
}
