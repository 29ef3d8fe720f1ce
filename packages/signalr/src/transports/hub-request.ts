import type { ConnectionRequest } from "./connection-request.ts";
import type { RequestPort } from "./request-port.ts";
import type { RequestUrl } from "./request-url.ts";
import type { OpenWebSocket } from "./web-socket.ts";

/** A request for a hub, with what was read of it. */
export interface HubRequest {
  readonly request: Request;
  readonly url: RequestUrl;
  readonly port: RequestPort;
}

/** What a request is for, by the end of its path: negotiate, a fresh token, or a transport at the hub's own path. */
export type HubPart = "negotiate" | "refresh" | "transport";

/** What the runtime is to do with a request. */
export type Handled =
  /** The request is for no hub. */
  | { readonly kind: "not-found" }
  | { readonly kind: "response"; readonly response: Response }
  /** Turn the request into a WebSocket and call `open` with it, or `abandon` when that fails. */
  | { readonly kind: "upgrade"; readonly open: OpenWebSocket; readonly abandon: () => void };

/**
 * @param keepRequests whether the hub asks for it
 * @returns what is kept of a request that carries a connection: a copy, for the request itself holds its body and socket
 */
export function keptOf({ request, url, port }: HubRequest, keepRequests: boolean): ConnectionRequest | null {
  return keepRequests ? { url, headers: new Headers(request.headers), remoteAddress: port.remoteAddress } : null;
}
