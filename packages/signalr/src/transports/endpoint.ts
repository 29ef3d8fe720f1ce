import { Forwarding } from "../forwarding/forwarding.ts";
import type { RequestOwner } from "../forwarding/served-request.ts";
import type { HubUsage } from "../hub/hub-context.ts";
import type { HubTypes, Identity } from "../hub/hub-options.ts";
import type { HubServer } from "../hub/hub-server.ts";
import { randomId } from "./connection-ids.ts";
import { credentialsOf } from "./credentials.ts";
import { allowOrigin, isOriginAllowed, preflight, sameHost } from "./cross-origin.ts";
import { HttpConnection, type HttpConnections } from "./http-connection.ts";
import { HttpTransportRequests } from "./http-requests.ts";
import { type Handled, type HubPart, type HubRequest, keptOf } from "./hub-request.ts";
import { chooseNegotiateVersion, negotiateBody } from "./negotiate.ts";
import { PromisedConnections } from "./promised-connections.ts";
import type { RequestUrl } from "./request-url.ts";
import {
  alreadyActive,
  emptyResponse,
  jsonResponse,
  textResponse,
  transportChanged,
  unknownConnection,
} from "./responses.ts";
import { nextWebSocketOf, webSocketOf } from "./web-socket.ts";

/** The HTTP face of one hub: negotiate, and what its transports need of HTTP. */
export class HubEndpoint<Types extends HubTypes> implements RequestOwner {
  readonly #server: HubServer<Types>;
  readonly #connections: HttpConnections<Types["user"]> = new Map();
  readonly #promised: PromisedConnections;
  readonly #http: HttpTransportRequests<Types>;
  /** Absent where no other node could have negotiated a connection whose requests come here. */
  readonly #forwarding: Forwarding | undefined;

  constructor(server: HubServer<Types>) {
    this.#server = server;
    this.#http = new HttpTransportRequests(server);
    const { handshakeTimeout: timeout, maximumPromisedConnections: maximum } = server.settings;
    this.#promised = new PromisedConnections(server.wheel, { timeout, maximum }, (token) => {
      if (this.#connections.get(token)?.chosen.name === "none") this.#connections.delete(token);
    });
    const { backplane, tokens, wheel, logger } = server;
    if (backplane === undefined || !tokens.isShared) return;
    this.#forwarding = new Forwarding({ node: tokens.node, backplane, wheel, logger }, this);
  }

  async handle(incoming: HubRequest, part: HubPart): Promise<Handled> {
    const { request } = incoming;
    if (!isOriginAllowed(request, this.#server.options.allowedOrigins ?? sameHost)) {
      return respond(textResponse(403, "Origin not allowed"));
    }
    const handled = await this.#route(incoming, part);
    return handled.kind === "response" ? respond(allowOrigin(request, handled.response)) : handled;
  }

  /** Whether its page may make it was judged by the node that got the request. */
  answer(incoming: HubRequest, part: HubPart): Promise<Response> {
    return part === "refresh" ? this.#refresh(incoming) : this.#transportRequest(incoming);
  }

  undelivered(token: string): void {
    const chosen = this.#connections.get(token)?.chosen;
    if (chosen?.name === "LongPolling") chosen.transport.undelivered();
  }

  shutdown(): void {
    this.#forwarding?.shutdown();
    this.#server.shutdown();
  }

  async drained(): Promise<void> {
    await this.#server.drained();
    await this.#forwarding?.drained();
    await this.#server.backplane?.close();
  }

  usage(): HubUsage {
    return this.#server.usage();
  }

  async #route(incoming: HubRequest, part: HubPart): Promise<Handled> {
    const { request } = incoming;
    if (request.method === "OPTIONS") return respond(preflight(request));
    if (part === "negotiate") return respond(await this.#negotiate(incoming));
    if (part === "refresh") return respond(await this.#refresh(incoming));
    if (isWebSocketUpgrade(request)) return this.#upgrade(incoming);
    return respond(await this.#transportRequest(incoming));
  }

  async #negotiate({ request, url }: HubRequest): Promise<Response> {
    if (request.method !== "POST") return emptyResponse(405);
    if (this.#server.isClosing) return emptyResponse(503);
    const identity = await this.#authenticate(request, url);
    if (identity === null) return emptyResponse(401);
    const choice = chooseNegotiateVersion(url.query("negotiateVersion"), this.#server.settings.minimumNegotiateVersion);
    if (choice.kind === "error") return jsonResponse({ error: choice.error });
    const redirection = await this.#server.options.redirect?.(request, identity);
    if (redirection !== undefined && redirection !== null) return jsonResponse({ ...redirection });
    const { version } = choice;
    const connectionId = randomId();
    const { transports, statefulReconnect } = this.#server.settings;
    const resumable = statefulReconnect && url.query("useStatefulReconnect")?.toLowerCase() === "true";
    const issue = () => this.#server.tokens.issue({ connectionId, resumable, issued: Date.now() });
    const connectionToken = version === 0 ? connectionId : issue();
    const { token: accessToken } = credentialsOf(request, url);
    const traits = { accessToken, resumable };
    const connection = new HttpConnection(this.#connections, connectionToken, connectionId, identity, traits);
    this.#connections.set(connectionToken, connection);
    // Its place is held until its transport opens, for as long as a handshake may take.
    this.#promised.add(connectionToken);
    return jsonResponse(negotiateBody({ version, connectionId, connectionToken, transports, resumable }));
  }

  /** Gives a live connection a fresh identity of the same user, before the old one expires. */
  async #refresh(incoming: HubRequest): Promise<Response> {
    const { request, url } = incoming;
    if (request.method !== "POST") return emptyResponse(405);
    const token = url.query("id") ?? "";
    const connection = this.#find(token);
    if (connection === undefined) return this.#forward(token, incoming, "refresh");
    const live = this.#server.connection(connection.connectionId);
    if (live === undefined) return unknownConnection();
    const identity = await this.#authenticate(request, url);
    if (identity === null) return emptyResponse(401);
    if (identity.userId !== connection.identity.userId) return emptyResponse(403);
    live.refresh(identity);
    return emptyResponse(200);
  }

  /** The id is optional on a WebSocket: a client may skip negotiation. */
  async #upgrade(incoming: HubRequest): Promise<Handled> {
    const { request, url } = incoming;
    if (this.#server.isClosing) return respond(emptyResponse(503));
    if (!this.#server.settings.transports.includes("WebSockets"))
      return respond(textResponse(404, "WebSockets are disabled"));
    const token = url.query("id");
    if (token === undefined || token === "") {
      const identity = await this.#authenticate(request, url);
      if (identity === null) return respond(emptyResponse(401));
      const open = webSocketOf(
        this.#server,
        keptOf(incoming, this.#server.settings.keepRequests),
        randomId(),
        identity,
      );
      return { kind: "upgrade", open, abandon: () => undefined };
    }
    const connection = this.#find(token);
    if (connection === undefined) return this.#adopt(token, incoming);
    const refusal = await this.#refusalOf(connection, request, url);
    if (refusal !== undefined) return respond(refusal);
    return this.#takeUp(connection, incoming);
  }

  /** Opens the WebSocket of a connection that another node has negotiated. */
  async #adopt(token: string, incoming: HubRequest): Promise<Handled> {
    const { request, url } = incoming;
    const { tokens, settings } = this.#server;
    const foreign = tokens.isShared ? tokens.read(token) : undefined;
    // One of this node's own would be known, unless it is over.
    const isElsewhere = foreign !== undefined && foreign.node !== tokens.node;
    if (!isElsewhere || Date.now() - foreign.issued > settings.handshakeTimeout) return respond(unknownConnection());
    const identity = await this.#authenticate(request, url);
    if (identity === null) return respond(emptyResponse(401));
    // While it was found out who this is, the same token may have come a second time.
    if (this.#find(token) !== undefined) return respond(alreadyActive());
    const traits = { accessToken: credentialsOf(request, url).token, resumable: foreign.resumable };
    const connection = new HttpConnection(this.#connections, token, foreign.connectionId, identity, traits);
    this.#connections.set(token, connection);
    return this.#takeUp(connection, incoming);
  }

  /** Opens the first WebSocket of a negotiated connection, or the next one where a broken one may be replaced. */
  #takeUp(connection: HttpConnection<Types["user"]>, incoming: HubRequest): Handled {
    const request = keptOf(incoming, this.#server.settings.keepRequests);
    const { connectionId, identity, resumable } = connection;
    switch (connection.chosen.name) {
      case "none":
        connection.chooseWebSockets();
        return {
          kind: "upgrade",
          open: webSocketOf(this.#server, request, connectionId, identity, connection),
          abandon: () => connection.onEnd(),
        };
      case "WebSockets":
        if (!resumable) return respond(alreadyActive());
        return {
          kind: "upgrade",
          open: nextWebSocketOf(this.#server, request, connectionId),
          abandon: () => undefined,
        };
      default:
        return respond(transportChanged());
    }
  }

  async #transportRequest(incoming: HubRequest): Promise<Response> {
    const { request, url } = incoming;
    if (!["GET", "POST", "DELETE"].includes(request.method)) return emptyResponse(405);
    const token = url.query("id");
    if (token === undefined || token === "") return textResponse(400, "Connection ID required");
    const connection = this.#find(token);
    if (connection === undefined) return this.#forward(token, incoming, "transport");
    const refusal = await this.#refusalOf(connection, request, url);
    if (refusal !== undefined) return refusal;
    switch (request.method) {
      case "GET":
        return this.#http.get(connection, incoming);
      case "POST":
        return this.#http.post(connection, request);
      default:
        return this.#http.delete(connection);
    }
  }

  /** @returns what was negotiated under a token; of an open WebSocket that will not be replaced, what the token and it tell */
  #find(token: string): HttpConnection<Types["user"]> | undefined {
    const known = this.#connections.get(token);
    if (known !== undefined) return known;
    const open = this.#server.connection(this.#server.tokens.read(token)?.connectionId ?? "");
    if (open === undefined) return undefined;
    const traits = { accessToken: undefined, resumable: false };
    const found = new HttpConnection(this.#connections, token, open.id, open, traits);
    found.chooseWebSockets();
    return found;
  }

  /** Lets the node that has negotiated a connection answer for it. */
  #forward(token: string, incoming: HubRequest, part: HubPart): Promise<Response> | Response {
    const origin = this.#forwarding === undefined ? undefined : this.#server.tokens.read(token);
    if (this.#forwarding === undefined || origin === undefined || origin.node === this.#server.tokens.node) {
      return unknownConnection();
    }
    return this.#forwarding.forward(origin.node, incoming, part);
  }

  /** @returns why a request may not use a connection: it must show negotiate's token, or be of the same user */
  async #refusalOf(
    connection: HttpConnection<Types["user"]>,
    request: Request,
    url: RequestUrl,
  ): Promise<Response | undefined> {
    if (connection.wasNegotiatedWith(credentialsOf(request, url).token)) return undefined;
    const identity = await this.#authenticate(request, url);
    if (identity === null) return emptyResponse(401);
    return identity.userId === connection.identity.userId ? undefined : emptyResponse(403);
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
