import type { Connection } from "../hub/connection.ts";
import type { HubTypes } from "../hub/hub-options.ts";
import type { HubServer } from "../hub/hub-server.ts";
import type { HttpConnection } from "./http-connection.ts";
import type { HttpTransportSession } from "./http-transport.ts";
import { type HubRequest, keptOf } from "./hub-request.ts";
import { LongPollingTransport } from "./long-polling.ts";
import { alreadyActive, emptyResponse, textResponse, transportChanged, unknownConnection } from "./responses.ts";
import { ServerSentEventsTransport } from "./server-sent-events.ts";
import type { Transport } from "./transport.ts";

/** The requests that server-sent events and long polling are made of, on connections that were found and may be used. */
export class HttpTransportRequests<Types extends HubTypes> {
  readonly #server: HubServer<Types>;

  constructor(server: HubServer<Types>) {
    this.#server = server;
  }

  /** Opens a stream of events, or polls. */
  get(connection: HttpConnection<Types["user"]>, incoming: HubRequest): Response | Promise<Response> {
    const wantsEvents = incoming.request.headers.get("accept")?.toLowerCase().includes("text/event-stream") ?? false;
    const name = wantsEvents ? "ServerSentEvents" : "LongPolling";
    if (!this.#server.settings.transports.includes(name)) {
      return textResponse(404, `${name} transport not supported by this end point type`);
    }
    return wantsEvents ? this.#openEvents(connection, incoming) : this.#poll(connection, incoming);
  }

  /** Takes what a client sends; the bytes need not be whole messages. */
  post(connection: HttpConnection<Types["user"]>, request: Request): Promise<Response> | Response {
    const { chosen } = connection;
    if (chosen.name === "LongPolling" && chosen.transport.isOver) return unknownConnection();
    switch (chosen.name) {
      case "none":
        return unknownConnection();
      case "WebSockets":
        return textResponse(405, "POST requests are not allowed for WebSocket connections.");
      default:
        return connection.apply(() => applyBody(request, chosen.transport)).then(() => emptyResponse(200));
    }
  }

  /** The client of a polling connection ends it. */
  delete(connection: HttpConnection<Types["user"]>): Response {
    if (connection.chosen.name !== "LongPolling") {
      return textResponse(400, "Cannot terminate this connection using the DELETE endpoint.");
    }
    connection.chosen.transport.leave();
    return emptyResponse(202);
  }

  #openEvents(connection: HttpConnection<Types["user"]>, incoming: HubRequest): Response {
    if (connection.chosen.name === "ServerSentEvents") return alreadyActive();
    if (connection.chosen.name !== "none") return transportChanged();
    const { request, port } = incoming;
    const transport = new ServerSentEventsTransport(port, keptOf(incoming, this.#server.settings.keepRequests));
    connection.chosen = { name: "ServerSentEvents", transport };
    return transport.open(
      this.#connect(connection, transport, () => connection.onEnd()),
      request.signal,
    );
  }

  #poll(connection: HttpConnection<Types["user"]>, incoming: HubRequest): Response | Promise<Response> {
    const { chosen } = connection;
    if (chosen.name === "LongPolling") {
      chosen.transport.request = keptOf(incoming, this.#server.settings.keepRequests);
      return chosen.transport.poll(incoming.port, incoming.request.signal);
    }
    if (chosen.name !== "none") return transportChanged();
    const { wheel, settings } = this.#server;
    const transport = new LongPollingTransport(wheel, settings);
    transport.request = keptOf(incoming, this.#server.settings.keepRequests);
    connection.chosen = { name: "LongPolling", transport };
    // What is left to poll after the end may be fetched as long as a poll may be away.
    const forgetLater = () => {
      const onTimer = () => {
        connection.onEnd();
        return null;
      };
      wheel.schedule({ onTimer }, settings.disconnectTimeout);
    };
    return transport.open(this.#connect(connection, transport, forgetLater));
  }

  #connect(connection: HttpConnection<Types["user"]>, transport: Transport, onEnd: () => void): HttpTransportSession {
    const traits = { onEnd };
    const opened = this.#server.connect(connection.connectionId, connection.identity, transport, traits);
    return new Session(opened, transport);
  }
}

/** @throws when the body breaks off; what has come of it is applied */
async function applyBody(request: Request, transport: ServerSentEventsTransport | LongPollingTransport): Promise<void> {
  if (request.body === null) return;
  for await (const chunk of request.body) {
    await transport.gate.passed();
    transport.session?.receive(chunk);
  }
}

class Session<Types extends HubTypes> implements HttpTransportSession {
  readonly #connection: Connection<Types>;
  readonly #transport: Transport;

  constructor(connection: Connection<Types>, transport: Transport) {
    this.#connection = connection;
    this.#transport = transport;
  }

  receive(chunk: Uint8Array): void {
    this.#connection.receive(chunk);
  }

  drained(): void {
    this.#connection.drained();
  }

  lost(): void {
    this.#connection.transportLost(this.#transport, false);
  }

  left(): void {
    this.#connection.leave({ kind: "client-closed" });
  }

  closed(): void {
    this.#connection.transportClosed(this.#transport, false);
  }
}
