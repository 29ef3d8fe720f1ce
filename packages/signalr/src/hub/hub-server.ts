import type { Backplane } from "../backplanes/backplane.ts";
import type { HubProtocol } from "../protocol/hub-protocol.ts";
import { type HubMessage, MessageType } from "../protocol/messages.ts";
import type { ConnectionTokens } from "../transports/connection-tokens.ts";
import type { Transport, TransportName } from "../transports/transport.ts";
import { Connection } from "./connection.ts";
import type { ConnectionHost, ConnectionTraits } from "./connection-host.ts";
import type { DisconnectReason } from "./disconnect-reason.ts";
import { Dispatcher } from "./dispatcher.ts";
import { describeError, errorTexts } from "./error-texts.ts";
import { HubClients } from "./hub-clients.ts";
import type { HubContext, HubUsage } from "./hub-context.ts";
import type { HubEnvironment } from "./hub-environment.ts";
import { type HubOptions, type HubSettings, type HubTypes, type Identity, settingsOf } from "./hub-options.ts";
import type { CloseOptions, HubConnection } from "./hub-types.ts";
import { InMemoryLifetimeManager } from "./in-memory-lifetime-manager.ts";
import type { Logger } from "./logger.ts";
import type { TimerWheel } from "./timer-wheel.ts";
import type { TurnBudget } from "./turn-budget.ts";
import type { TurnFlusher } from "./turn-flusher.ts";

/** A hub at work: its connections, and the ways to reach them from outside its methods. */
export class HubServer<Types extends HubTypes> implements HubContext<Types>, ConnectionHost<Connection<Types>> {
  readonly options: HubOptions<Types>;
  readonly settings: HubSettings;
  readonly lifetime: InMemoryLifetimeManager<Connection<Types>>;
  readonly clients: HubClients<Types["events"]>;
  readonly here: HubClients<Types["events"]>;
  readonly #environment: HubEnvironment;
  readonly #backplane: Backplane | undefined;
  readonly #dispatcher: Dispatcher<Types>;
  /** Connections whose transport is open, and who are not yet among those of `lifetime`. */
  readonly #handshaking = new Set<Connection<Types>>();
  #openTransports = 0;
  #closing = false;
  readonly #onDrained: (() => void)[] = [];
  /** Connect handlers that still run: a connection's disconnect handler waits for them. */
  readonly #connecting = new Map<Connection<Types>, Promise<void>>();

  constructor(options: HubOptions<Types>, environment: HubEnvironment) {
    this.options = options;
    this.settings = settingsOf(options);
    this.lifetime = new InMemoryLifetimeManager({
      topicPrefix: options.path,
      nativeRoomSize: this.settings.nativeRoomSize,
      flushSubscribers: () => environment.turns.flushSubscribers(),
    });
    const { backplane, protocols, logger } = environment;
    this.#backplane = backplane?.({
      path: options.path,
      local: this.lifetime,
      protocols,
      logger,
      disconnectUser: (userId, how) => this.#disconnectHere(userId, how),
    });
    this.here = new HubClients(this.lifetime);
    this.clients = this.#backplane === undefined ? this.here : new HubClients(this.#backplane);
    this.#environment = environment;
    this.#dispatcher = new Dispatcher(options, {
      settings: this.settings,
      budget: environment.budget,
      logger,
      results: this.lifetime.results,
      clients: this.clients,
      groups: this.lifetime,
    });
  }

  get wheel(): TimerWheel {
    return this.#environment.wheel;
  }

  get turns(): TurnFlusher {
    return this.#environment.turns;
  }

  get budget(): TurnBudget {
    return this.#environment.budget;
  }

  get largestFrame(): number {
    return this.#environment.largestFrame;
  }

  get tokens(): ConnectionTokens {
    return this.#environment.tokens;
  }

  get logger(): Logger {
    return this.#environment.logger;
  }

  /** The way to other nodes, where there are any. */
  get backplane(): Backplane | undefined {
    return this.#backplane;
  }

  get ready(): Promise<void> {
    return this.#backplane?.ready ?? Promise.resolve();
  }

  async addToGroup(connectionId: string, group: string): Promise<void> {
    if (this.#backplane === undefined) this.lifetime.addToGroup(connectionId, group);
    else await this.#backplane.addToGroup(connectionId, group);
  }

  async removeFromGroup(connectionId: string, group: string): Promise<void> {
    if (this.#backplane === undefined) this.lifetime.removeFromGroup(connectionId, group);
    else await this.#backplane.removeFromGroup(connectionId, group);
  }

  get isClosing(): boolean {
    return this.#closing;
  }

  connection(id: string): Connection<Types> | undefined {
    const connection = this.lifetime.get(id);
    return connection?.isOpen ? connection : undefined;
  }

  connectionIds(): string[] {
    return Array.from(this.lifetime.connections(), ({ id }) => id);
  }

  usage(): HubUsage {
    const connections = new Map<TransportName, number>();
    for (const { transportName } of this.lifetime.connections())
      connections.set(transportName, (connections.get(transportName) ?? 0) + 1);
    return { path: this.options.path, connections, deliveries: this.lifetime.deliveries };
  }

  disconnectUser(userId: string, options: CloseOptions = {}): number {
    this.#backplane?.disconnectUser(userId, options);
    return this.#disconnectHere(userId, options);
  }

  /** @param ids the only ones that are looked at */
  disconnectWhere(
    predicate: (connection: HubConnection<Types>) => boolean,
    options?: CloseOptions,
    ids: Iterable<string> = this.connectionIds(),
  ): number {
    let count = 0;
    for (const id of ids) {
      const connection = this.connection(id);
      if (connection === undefined || !predicate(connection)) continue;
      connection.close(options);
      count++;
    }
    return count;
  }

  /** A transport has opened: the connection begins with its handshake. */
  connect(
    id: string,
    identity: Identity<Types["user"]>,
    transport: Transport,
    traits?: ConnectionTraits,
  ): Connection<Types> {
    const connection = new Connection(this, id, identity, transport, traits);
    this.#handshaking.add(connection);
    this.#openTransports++;
    this.#environment.instrumentation?.opened(connection);
    return connection;
  }

  /** @returns the connection that goes on over another transport, or undefined when it cannot */
  resume(id: string, transport: Transport): Connection<Types> | undefined {
    const connection = this.lifetime.get(id);
    if (connection?.resume(transport) !== true) return undefined;
    this.#openTransports++;
    return connection;
  }

  transportClosed(): void {
    this.#openTransports--;
    if (this.#openTransports === 0) for (const resolve of this.#onDrained.splice(0)) resolve();
  }

  /** Tells every client to come back later or elsewhere, and ends all connections. */
  shutdown(): void {
    this.#closing = true;
    for (const connection of [...this.#handshaking, ...this.lifetime.connections()]) {
      connection.end({ kind: "shutdown" }, { type: MessageType.close, allowReconnect: true });
    }
  }

  /** Resolves when no transport of this hub is open. */
  async drained(): Promise<void> {
    if (this.#openTransports > 0) await new Promise<void>((resolve) => this.#onDrained.push(resolve));
  }

  protocol(name: string): HubProtocol | undefined {
    const wanted = name.toLowerCase();
    return this.#environment.protocols.find((protocol) => protocol.name === wanted);
  }

  opened(connection: Connection<Types>): void {
    this.#handshaking.delete(connection);
    this.lifetime.add(connection);
    const reachable = this.#backplane?.reachable(connection.id, connection.userId);
    if (this.options.onConnected === undefined && reachable === undefined) return;
    connection.holdInput(true);
    const connecting = this.#runConnected(connection, reachable).finally(() => this.#connecting.delete(connection));
    this.#connecting.set(connection, connecting);
  }

  dispatch(connection: Connection<Types>, message: HubMessage): void {
    this.#dispatcher.dispatch(connection, message);
  }

  isBehind(connection: Connection<Types>): boolean {
    return this.#dispatcher.isBehind(connection);
  }

  closed(connection: Connection<Types>, reason: DisconnectReason, wasOpen: boolean): void {
    this.#environment.instrumentation?.closed(connection, reason);
    if (!wasOpen) {
      this.#handshaking.delete(connection);
      return;
    }
    this.lifetime.remove(connection);
    this.#dispatcher.disconnected(connection);
    if (reason.kind !== "connect-failed") void this.#runDisconnected(connection, reason);
  }

  #disconnectHere(userId: string, options: CloseOptions): number {
    const isTheirs = (connection: HubConnection<Types>) => connection.userId === userId;
    return this.disconnectWhere(isTheirs, options, this.lifetime.connectionsOf(userId));
  }

  /** @param reachable when other nodes reach the connection, which its methods may rely on */
  async #runConnected(connection: Connection<Types>, reachable: Promise<void> | undefined): Promise<void> {
    try {
      if (reachable !== undefined) await reachable;
      await this.options.onConnected?.(connection);
      connection.holdInput(false);
    } catch (error) {
      this.logger.error("A connect handler failed.", { connectionId: connection.id, error });
      const text = describeError(errorTexts.closedWithError, error, this.settings.detailedErrors);
      connection.end({ kind: "connect-failed", error }, { type: MessageType.close, error: text });
    }
  }

  async #runDisconnected(connection: Connection<Types>, reason: DisconnectReason): Promise<void> {
    try {
      await this.#connecting.get(connection);
      await this.options.onDisconnected?.(connection, reason);
    } catch (error) {
      this.logger.error("A disconnect handler failed.", { connectionId: connection.id, error });
    }
  }
}
