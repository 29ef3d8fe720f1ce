import { Connection, type ConnectionTraits } from "../../packages/signalr/src/hub/connection.ts";
import type { HubEnvironment } from "../../packages/signalr/src/hub/hub-environment.ts";
import type { HubOptions, Identity } from "../../packages/signalr/src/hub/hub-options.ts";
import { HubServer } from "../../packages/signalr/src/hub/hub-server.ts";
import { type Chunk, decodeUtf8, type Frame } from "../../packages/signalr/src/protocol/frame.ts";
import type { AnyHub, ServedHub } from "../../packages/signalr/src/signalr.ts";
import { HubEndpoint } from "../../packages/signalr/src/transports/endpoint.ts";
import type { Transport } from "../../packages/signalr/src/transports/transport.ts";

interface EchoTypes {
  readonly user: undefined;
  readonly events: Record<string, never>;
}

/** A connection without a hub protocol, which sends back what it receives. */
class EchoConnection extends Connection<EchoTypes> {
  readonly #transport: Transport;

  constructor(
    server: EchoServer,
    id: string,
    identity: Identity<undefined>,
    transport: Transport,
    traits: ConnectionTraits,
  ) {
    super(server, id, identity, transport, traits);
    this.#transport = transport;
  }

  override receive(chunk: Chunk): void {
    this.#transport.write([this.#transport.transferFormat === "Text" ? textOf(chunk) : frameOf(chunk)]);
  }

  /** There is no handshake to wait for, and nobody pings. */
  override onTimer(): null {
    return null;
  }
}

class EchoServer extends HubServer<EchoTypes> {
  override connect(
    id: string,
    identity: Identity<undefined>,
    transport: Transport,
    traits: ConnectionTraits = {},
  ): Connection<EchoTypes> {
    return new EchoConnection(this, id, identity, transport, traits);
  }

  override transportClosed(): void {
    // none were counted
  }
}

/** An endpoint with the hubs' negotiate and transports, and nothing behind them but an echo. */
export class EchoEndpoint implements AnyHub {
  readonly path = "/echo";
  readonly maximumMessageSize = 64 * 1024;

  serve(environment: HubEnvironment): ServedHub {
    const options: HubOptions<EchoTypes> = {
      path: this.path,
      authenticate: async () => ({ userId: "", user: undefined }),
      allowedOrigins: () => true,
      methods: {},
    };
    return new HubEndpoint(new EchoServer(options, environment));
  }
}

function textOf(chunk: Chunk): string {
  return typeof chunk === "string" ? chunk : decodeUtf8(chunk);
}

function frameOf(chunk: Chunk): Frame {
  return typeof chunk === "string" ? chunk : new Uint8Array(chunk);
}
