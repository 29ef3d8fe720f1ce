import type { HubTypes, Identity } from "../hub/hub-options.ts";
import type { HubServer } from "../hub/hub-server.ts";
import { randomId } from "./connection-ids.ts";
import { credentialsOf } from "./credentials.ts";
import { allowOrigin, isOriginAllowed, preflight, sameHost } from "./cross-origin.ts";
import { chooseNegotiateVersion, negotiateBody } from "./negotiate.ts";
import { isSameToken, NegotiatedConnections } from "./negotiated-connections.ts";
import type { RequestUrl } from "./request-url.ts";
import { emptyResponse, jsonResponse, textResponse } from "./responses.ts";
import { type OpenWebSocket, webSocketOf } from "./web-socket.ts";

/** What the runtime is to do with a request. */
export type Handled =
  /** The request is for no hub. */
  | { readonly kind: "not-found" }
  | { readonly kind: "response"; readonly response: Response }
  /** Turn the request into a WebSocket and call `open` with it. */
  | { readonly kind: "upgrade"; readonly open: OpenWebSocket };

/** The HTTP face of one hub: negotiate, and the beginnings of its transports. */
export class HubEndpoint<Types extends HubTypes> {
  readonly #server: HubServer<Types>;
  readonly #negotiated: NegotiatedConnections<Types["user"]>;

  constructor(server: HubServer<Types>) {
    this.#server = server;
    this.#negotiated = new NegotiatedConnections(server.wheel, server.settings.handshakeTimeout);
  }

  async handle(request: Request, url: RequestUrl, isNegotiate: boolean): Promise<Handled> {
    if (!isOriginAllowed(request, this.#server.options.allowedOrigins ?? sameHost)) {
      return respond(textResponse(403, "Origin not allowed"));
    }
    const handled = await this.#route(request, url, isNegotiate);
    return handled.kind === "response" ? respond(allowOrigin(request, handled.response)) : handled;
  }

  shutdown(): void {
    this.#server.shutdown();
  }

  drained(): Promise<void> {
    return this.#server.drained();
  }

  async #route(request: Request, url: RequestUrl, isNegotiate: boolean): Promise<Handled> {
    if (request.method === "OPTIONS") return respond(preflight(request));
    if (isNegotiate) return respond(await this.#negotiate(request, url));
    if (isWebSocketUpgrade(request)) return this.#upgrade(request, url);
    if (request.method !== "GET" && request.method !== "POST" && request.method !== "DELETE") {
      return respond(emptyResponse(405));
    }
    const known = url.query("id");
    if (known === undefined || known === "") return respond(textResponse(400, "Connection ID required"));
    return respond(textResponse(404, "No Connection with that ID"));
  }

  async #negotiate(request: Request, url: RequestUrl): Promise<Response> {
    if (request.method !== "POST") return emptyResponse(405);
    const identity = await this.#authenticate(request, url);
    if (identity === null) return emptyResponse(401);
    const choice = chooseNegotiateVersion(url.query("negotiateVersion"), 0);
    if (choice.kind === "error") return jsonResponse({ error: choice.error });
    const connectionId = randomId();
    const connectionToken = choice.version === 0 ? connectionId : randomId();
    const accessToken = credentialsOf(request, url).token;
    this.#negotiated.add(connectionToken, { connectionId, identity, accessToken });
    const { version } = choice;
    return jsonResponse(negotiateBody({ version, connectionId, connectionToken, transports: ["WebSockets"] }));
  }

  /** The id is optional on a WebSocket: a client may skip negotiation. */
  async #upgrade(request: Request, url: RequestUrl): Promise<Handled> {
    const token = url.query("id");
    if (token === undefined || token === "") {
      const identity = await this.#authenticate(request, url);
      if (identity === null) return respond(emptyResponse(401));
      return { kind: "upgrade", open: webSocketOf(this.#server, randomId(), identity) };
    }
    const negotiated = this.#negotiated.get(token);
    if (negotiated === undefined) return respond(textResponse(404, "No Connection with that ID"));
    const credentials = credentialsOf(request, url);
    const shown = credentials.token;
    if (shown === undefined || negotiated.accessToken === undefined || !isSameToken(shown, negotiated.accessToken)) {
      const identity = await this.#authenticate(request, url);
      if (identity === null) return respond(emptyResponse(401));
      if (identity.userId !== negotiated.identity.userId) return respond(emptyResponse(403));
    }
    if (!this.#negotiated.take(token)) return respond(textResponse(409, "Connection is already active"));
    return { kind: "upgrade", open: webSocketOf(this.#server, negotiated.connectionId, negotiated.identity) };
  }

  async #authenticate(request: Request, url: RequestUrl): Promise<Identity<Types["user"]> | null> {
    return this.#server.options.authenticate(request, credentialsOf(request, url));
  }
}

function respond(response: Response): Handled {
  return { kind: "response", response };
}

function isWebSocketUpgrade(request: Request): boolean {
  return request.method === "GET" && request.headers.get("upgrade")?.toLowerCase() === "websocket";
}
