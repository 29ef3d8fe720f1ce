import { hostname } from "node:os";
import { disconnected, resultOf } from "../hub/client-results.ts";
import type { Target } from "../hub/deliver.ts";
import type { CloseOptions } from "../hub/hub-types.ts";
import type { MembershipObserver } from "../hub/membership-observer.ts";
import type { HubProtocol } from "../protocol/hub-protocol.ts";
import { jsonProtocol } from "../protocol/json-protocol.ts";
import { type InvocationMessage, MessageType } from "../protocol/messages.ts";
import { SerializedMessage } from "../protocol/serialized-message.ts";
import { randomId } from "../transports/connection-ids.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import type { Backplane, BackplaneGap, BackplaneNode, NodeListener } from "./backplane.ts";
import {
  decodeAcknowledgement,
  decodeCompletion,
  decodeDeparture,
  decodeGroupCommand,
  decodeInvocation,
  encodeAcknowledgement,
  encodeCompletion,
  encodeDeparture,
  encodeGroupCommand,
  encodeInvocation,
  GroupAction,
  type ResultRequest,
} from "./backplane-protocol.ts";
import {
  encodeForeignCompletion,
  framesOf,
  messageOf,
  protocolOfBoth,
  readForeignCompletion,
} from "./foreign-messages.ts";
import { HubChannels } from "./hub-channels.ts";
import type { MessageBus, OpenBus } from "./message-bus.ts";
import { watchListener } from "./watch-listener.ts";

/** What all backplanes have in common. */
export interface BackplaneOptions {
  /**
   * The hub's name in channels; to share it with ASP.NET Core, the full name of the hub's type. Default its path.
   * @param path of the hub
   */
  readonly hubName?: (path: string) => string;
  /**
   * Milliseconds another node may take to change a group (rule B3), and within which one that is lost is noticed by who
   * waits for a client's result (rule B4). Default 30,000.
   */
  readonly acknowledgeTimeout?: number;
  /**
   * Told after every time in which messages may have been lost, once the connection is back (rule B5).
   * @param gap when, and of which hub
   */
  readonly onMissed?: (gap: BackplaneGap) => void;
  /**
   * Asked for every message that another node sent to a group, a user or everyone: where it says no, nobody here gets
   * it. For a node that cannot tell who may hear what; it must tell its clients afterwards what they missed.
   */
  readonly handsOn?: () => boolean;
}

const connectionLost = "The connection to the other nodes was lost.";

/**
 * Joins nodes by a message bus, speaking as ASP.NET Core's nodes do over Redis. Connections of this node are served at
 * once and directly; the bus brings messages to the other nodes only.
 */
export class BusBackplane implements Backplane, MembershipObserver {
  readonly ready: Promise<void>;
  readonly #node: BackplaneNode;
  readonly #bus: MessageBus;
  readonly #channels: HubChannels;
  readonly #server = `${hostname()}_${crypto.randomUUID().replaceAll("-", "")}`;
  /** Milliseconds to wait for another node. */
  readonly #patience: number;
  readonly #acknowledgements: Acknowledgements;
  readonly #handsOn: () => boolean;
  /** Subscriptions under way, by channel. */
  readonly #subscribing = new Map<string, Promise<void>>();
  /** What clients of other nodes were asked for, by invocation id. */
  readonly #asked = new Set<string>();
  #listener: NodeListener | null = null;

  constructor(node: BackplaneNode, open: OpenBus, options: BackplaneOptions) {
    this.#node = node;
    this.#channels = new HubChannels(options.hubName?.(node.path) ?? node.path);
    this.#handsOn = options.handsOn ?? (() => true);
    this.#patience = options.acknowledgeTimeout ?? 30_000;
    this.#acknowledgements = new Acknowledgements(this.#patience);
    this.#bus = open({
      logger: node.logger,
      onLost: () => this.#lost(),
      onMissed: (gap) =>
        this.#attempt("A handler of lost messages failed.", () => options.onMissed?.({ ...gap, path: node.path })),
    });
    const { all, groupCommands, departures } = this.#channels;
    this.#listen(all, (payload) => this.#deliverHere({ kind: "all" }, payload));
    this.#listen(groupCommands, (payload) => this.#obey(payload));
    this.#listen(departures, (payload) => {
      const { userId, ...options } = decodeDeparture(payload);
      node.disconnectUser(userId, options);
    });
    this.#listen(this.#channels.acknowledgements(this.#server), (payload) =>
      this.#acknowledgements.acknowledge(decodeAcknowledgement(payload)),
    );
    this.#listen(this.#channels.results(this.#server), (payload) => this.#takeResult(payload));
    this.ready = this.#bus.ready.then(() => Promise.all(this.#subscribing.values())).then(() => undefined);
    node.local.observe(this);
  }

  deliver(target: Target, message: SerializedMessage): void {
    const { local } = this.#node;
    if (target.kind === "connection" && local.has(target.id)) {
      local.deliver(target, message);
      return;
    }
    // Encoded first: what some protocol cannot carry reaches nobody.
    const excludedIds = "except" in target ? (target.except ?? []) : [];
    const payload = encodeInvocation({ excludedIds, messages: framesOf(message, this.#node.protocols) });
    local.deliver(target, message);
    this.#publish(this.#channelOf(target), payload);
  }

  async invoke(connectionId: string, invocation: InvocationMessage, signal?: AbortSignal): Promise<unknown> {
    const { local, protocols } = this.#node;
    if (local.has(connectionId)) return local.invoke(connectionId, invocation, signal);
    const invocationId = randomId();
    const message = new SerializedMessage({ ...invocation, invocationId });
    const result = { invocationId, returnChannel: this.#channels.results(this.#server) };
    const payload = encodeInvocation({ excludedIds: [], messages: framesOf(message, protocols), result });
    const outcome = local.results.expect(invocationId, connectionId, signal);
    this.#asked.add(invocationId);
    const channel = this.#channels.connection(connectionId);
    const stopWatching = watchListener(this.#bus, channel, this.#patience / 3, () =>
      local.results.abandon(invocationId, new Error(`The node of connection '${connectionId}' is lost.`)),
    );
    this.#bus.publish(channel, payload).then(
      (receivers) => {
        if (receivers > 0) return;
        local.results.abandon(invocationId, new Error(`Connection '${connectionId}' does not exist.`));
      },
      () => local.results.abandon(invocationId, new Error(connectionLost)),
    );
    try {
      return resultOf(await outcome);
    } finally {
      this.#asked.delete(invocationId);
      stopWatching();
    }
  }

  addToGroup(connectionId: string, group: string): Promise<void> {
    return this.#changeGroup(GroupAction.add, connectionId, group);
  }

  removeFromGroup(connectionId: string, group: string): Promise<void> {
    return this.#changeGroup(GroupAction.remove, connectionId, group);
  }

  disconnectUser(userId: string, options: CloseOptions): void {
    this.#publish(this.#channels.departures, encodeDeparture({ userId, ...options }));
  }

  reachable(connectionId: string, userId: string): Promise<void> | undefined {
    const channels = [this.#channels.connection(connectionId), this.#channels.user(userId)];
    const subscribing = channels.flatMap((channel) => this.#subscribing.get(channel) ?? []);
    return subscribing.length === 0 ? undefined : Promise.all(subscribing).then(() => undefined);
  }

  hear(node: string, listener: NodeListener): void {
    this.#listener = listener;
    this.#listen(this.#channels.requests(node), (payload) => listener.told(payload));
  }

  async tell(node: string, payload: Uint8Array<ArrayBuffer>): Promise<boolean> {
    return (await this.#bus.publish(this.#channels.requests(node), payload)) > 0;
  }

  async close(): Promise<void> {
    this.#node.local.observe(null);
    this.#lost();
    await this.#bus.close();
  }

  connectionAdded(id: string): void {
    this.#listen(this.#channels.connection(id), (payload) => this.#deliverToConnection(id, payload));
  }

  connectionRemoved(id: string): void {
    this.#ignore(this.#channels.connection(id));
  }

  userAdded(id: string): void {
    this.#listen(this.#channels.user(id), (payload) => this.#deliverHere({ kind: "user", id }, payload));
  }

  userRemoved(id: string): void {
    this.#ignore(this.#channels.user(id));
  }

  groupAdded(name: string): void {
    this.#listen(this.#channels.group(name), (payload) => this.#deliverHere({ kind: "group", name }, payload));
  }

  groupRemoved(name: string): void {
    this.#ignore(this.#channels.group(name));
  }

  async #changeGroup(action: GroupAction, connectionId: string, group: string): Promise<void> {
    if (this.#node.local.has(connectionId)) return this.#changeGroupHere(action, connectionId, group);
    const { id, acknowledged } = this.#acknowledgements.expect();
    const payload = encodeGroupCommand({ id, server: this.#server, action, group, connectionId });
    this.#bus
      .publish(this.#channels.groupCommands, payload)
      .catch(() => this.#acknowledgements.fail(id, connectionLost));
    await acknowledged;
  }

  async #changeGroupHere(action: GroupAction, connectionId: string, group: string): Promise<void> {
    if (action === GroupAction.remove) {
      this.#node.local.removeFromGroup(connectionId, group);
      return;
    }
    this.#node.local.addToGroup(connectionId, group);
    await this.#subscribing.get(this.#channels.group(group));
  }

  /** Another node changes the group of a connection that is here: it is told once that is so. */
  #obey(payload: Uint8Array): void {
    const { id, server, action, group, connectionId } = decodeGroupCommand(payload);
    if (!this.#node.local.has(connectionId)) return;
    void this.#changeGroupHere(action, connectionId, group).then(() =>
      this.#publish(this.#channels.acknowledgements(server), encodeAcknowledgement(id)),
    );
  }

  #deliverHere(target: Target, payload: Uint8Array): void {
    if (!this.#handsOn()) return;
    const { excludedIds: except, messages } = decodeInvocation(payload);
    const narrowed = target.kind === "all" || target.kind === "group" ? { ...target, except } : target;
    this.#node.local.deliver(narrowed, messageOf(messages, this.#node.protocols));
  }

  #deliverToConnection(id: string, payload: Uint8Array): void {
    const { local, protocols } = this.#node;
    const { messages, result } = decodeInvocation(payload);
    if (result !== undefined) {
      const protocol = protocolOfBoth(messages, protocols, local.protocolOf(id)) ?? jsonProtocol;
      void this.#answer(id, result, protocol);
    }
    local.deliver({ kind: "connection", id }, messageOf(messages, protocols));
  }

  /** Tells the node that asked what the client returns, or that it has just gone. */
  async #answer(id: string, { invocationId, returnChannel }: ResultRequest, protocol: HubProtocol): Promise<void> {
    const { local } = this.#node;
    const outcome = local.has(id) ? await local.results.expect(invocationId, id) : disconnected;
    const completion = { type: MessageType.completion, invocationId, outcome } as const;
    this.#publish(returnChannel, encodeCompletion(encodeForeignCompletion(completion, protocol)));
  }

  #takeResult(payload: Uint8Array): void {
    const { invocationId, outcome } = readForeignCompletion(decodeCompletion(payload), this.#node.protocols);
    if (this.#asked.has(invocationId)) this.#node.local.results.settle(invocationId, outcome);
  }

  /** Answers that were under way will never come. */
  #lost(): void {
    for (const invocationId of [...this.#asked]) {
      this.#node.local.results.abandon(invocationId, new Error(connectionLost));
    }
    this.#acknowledgements.failAll(connectionLost);
    this.#listener?.lost();
  }

  #channelOf(target: Target): string {
    switch (target.kind) {
      case "all":
        return this.#channels.all;
      case "group":
        return this.#channels.group(target.name);
      case "user":
        return this.#channels.user(target.id);
      case "connection":
        return this.#channels.connection(target.id);
    }
  }

  /** A failure is no news here: the bus counts and reports them. */
  #publish(channel: string, payload: Uint8Array<ArrayBuffer>): void {
    this.#bus.publish(channel, payload).catch(() => undefined);
  }

  #listen(channel: string, take: (payload: Uint8Array) => void): void {
    const subscribed = this.#bus.subscribe(channel, (payload) =>
      this.#attempt("A message from another node could not be read.", () => take(payload)),
    );
    this.#subscribing.set(channel, subscribed);
    void subscribed.then(() => {
      if (this.#subscribing.get(channel) === subscribed) this.#subscribing.delete(channel);
    });
  }

  #attempt(failure: string, task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#node.logger.error(failure, { path: this.#node.path, error });
    }
  }

  #ignore(channel: string): void {
    this.#subscribing.delete(channel);
    this.#bus.unsubscribe(channel);
  }
}
