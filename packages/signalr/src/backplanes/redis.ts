import { hostname } from "node:os";
import { resultOf } from "../hub/client-results.ts";
import type { Target } from "../hub/deliver.ts";
import { HubException } from "../hub/hub-error.ts";
import type { MembershipObserver } from "../hub/membership-observer.ts";
import type { Frame } from "../protocol/frame.ts";
import type { HubProtocol } from "../protocol/hub-protocol.ts";
import { type CompletionMessage, type HubMessage, type InvocationMessage, MessageType } from "../protocol/messages.ts";
import { SerializedMessage } from "../protocol/serialized-message.ts";
import { randomId } from "../transports/connection-ids.ts";
import type { Backplane, BackplaneFactory, BackplaneNode } from "./backplane.ts";
import { Acknowledgements } from "./redis-acknowledgements.ts";
import { RedisChannels } from "./redis-channels.ts";
import {
  decodeAcknowledgement,
  decodeCompletion,
  decodeGroupCommand,
  decodeInvocation,
  encodeAcknowledgement,
  encodeCompletion,
  encodeGroupCommand,
  encodeInvocation,
  GroupAction,
  type RedisInvocation,
} from "./redis-protocol.ts";

/** What is asked of a Redis client: two connections of `ioredis` fit, one of them for subscriptions only. */
export interface RedisPublisher {
  publish(channel: string, payload: Buffer): Promise<number>;
}

export interface RedisSubscriber {
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  on(event: "messageBuffer", listener: (channel: Buffer, payload: Buffer) => void): unknown;
  off(event: "messageBuffer", listener: (channel: Buffer, payload: Buffer) => void): unknown;
}

export interface RedisBackplaneOptions {
  readonly publisher: RedisPublisher;
  readonly subscriber: RedisSubscriber;
  /** Stands before every channel, so that several applications can share a Redis. */
  readonly channelPrefix?: string;
  /** The hub's name in channels; to share it with ASP.NET Core, the full name of the hub's type. Default its path. */
  readonly hubName?: (path: string) => string;
  /** Milliseconds another node may take to change a group. Default 30,000. */
  readonly acknowledgeTimeout?: number;
}

/** Bounds for what other nodes send: they are trusted, and have judged it already. */
const trusted = { maximumMessageSize: Number.MAX_SAFE_INTEGER, maximumDepth: 100 };

/** Joins nodes by Redis, speaking as ASP.NET Core's nodes do. Order is kept for each target by itself. */
export function redisBackplane(options: RedisBackplaneOptions): BackplaneFactory {
  return (node) => new RedisBackplane(options, node);
}

class RedisBackplane implements Backplane, MembershipObserver {
  readonly ready: Promise<void>;
  readonly #node: BackplaneNode;
  readonly #publisher: RedisPublisher;
  readonly #subscriber: RedisSubscriber;
  readonly #prefix: string;
  readonly #channels: RedisChannels;
  readonly #server = `${hostname()}_${crypto.randomUUID().replaceAll("-", "")}`;
  readonly #acknowledgements: Acknowledgements;
  /** Channels this node listens to, and when it does. */
  readonly #subscriptions = new Map<string, Promise<unknown>>();
  readonly #handlers = new Map<string, (payload: Uint8Array) => void>();
  readonly #onMessage = (channel: Buffer, payload: Buffer) => this.#receive(channel.toString(), payload);

  constructor(options: RedisBackplaneOptions, node: BackplaneNode) {
    this.#node = node;
    this.#publisher = options.publisher;
    this.#subscriber = options.subscriber;
    this.#prefix = options.channelPrefix ?? "";
    this.#channels = new RedisChannels(options.hubName?.(node.path) ?? node.path);
    this.#acknowledgements = new Acknowledgements(options.acknowledgeTimeout ?? 30_000);
    this.#subscriber.on("messageBuffer", this.#onMessage);
    const { all, groupCommands } = this.#channels;
    this.#listen(all, (payload) => this.#deliverHere({ kind: "all" }, payload));
    this.#listen(groupCommands, (payload) => void this.#obey(payload));
    this.#listen(this.#channels.acknowledgements(this.#server), (payload) =>
      this.#acknowledgements.acknowledge(decodeAcknowledgement(payload)),
    );
    this.#listen(this.#channels.results(this.#server), (payload) => this.#takeResult(payload));
    this.ready = Promise.all(this.#subscriptions.values()).then(() => undefined);
    this.ready.catch((error) => node.logger.error("Redis refused a subscription.", { error }));
    node.local.observe(this);
  }

  deliver(target: Target, message: SerializedMessage): void {
    if (target.kind === "connection" && this.#node.local.has(target.id)) {
      this.#node.local.deliver(target, message);
      return;
    }
    const excludedIds = "except" in target ? (target.except ?? []) : [];
    const payload = encodeInvocation({ excludedIds, messages: this.#framesOf(message) });
    this.#publish(this.#channelOf(target), payload).catch((error) =>
      this.#node.logger.error("A message could not be published.", { error }),
    );
  }

  async invoke(connectionId: string, invocation: InvocationMessage, signal?: AbortSignal): Promise<unknown> {
    const { local } = this.#node;
    if (local.has(connectionId)) return local.invoke(connectionId, invocation, signal);
    const invocationId = randomId();
    const outcome = local.results.expect(invocationId, connectionId, signal);
    const message = new SerializedMessage({ ...invocation, invocationId });
    const result = { invocationId, returnChannel: this.#channels.results(this.#server) };
    const payload = encodeInvocation({ excludedIds: [], messages: this.#framesOf(message), result });
    const receivers = await this.#publish(this.#channels.connection(connectionId), payload);
    if (receivers === 0) local.results.abandon(invocationId, `Connection '${connectionId}' does not exist.`);
    return resultOf(await outcome);
  }

  addToGroup(connectionId: string, group: string): Promise<void> {
    return this.#changeGroup(GroupAction.add, connectionId, group);
  }

  removeFromGroup(connectionId: string, group: string): Promise<void> {
    return this.#changeGroup(GroupAction.remove, connectionId, group);
  }

  async close(): Promise<void> {
    this.#subscriber.off("messageBuffer", this.#onMessage);
    this.#node.local.observe(null);
    const channels = [...this.#subscriptions.keys()];
    this.#subscriptions.clear();
    if (channels.length > 0) await this.#subscriber.unsubscribe(...channels.map((name) => this.#prefix + name));
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

  async #changeGroup(action: 1 | 2, connectionId: string, group: string): Promise<void> {
    if (this.#node.local.has(connectionId)) {
      await this.#changeGroupHere(action, connectionId, group);
      return;
    }
    const { id, acknowledged } = this.#acknowledgements.expect();
    const payload = encodeGroupCommand({ id, server: this.#server, action, group, connectionId });
    await this.#publish(this.#channels.groupCommands, payload);
    await acknowledged;
  }

  /** Commands travel in Redis's order, so a subscription follows on an earlier end of the same. */
  async #changeGroupHere(action: 1 | 2, connectionId: string, group: string): Promise<void> {
    if (action === GroupAction.remove) {
      this.#node.local.removeFromGroup(connectionId, group);
      return;
    }
    this.#node.local.addToGroup(connectionId, group);
    await this.#subscriptions.get(this.#channels.group(group));
  }

  /** Another node changes the group of a connection that is here: it is told once that is so. */
  async #obey(payload: Uint8Array): Promise<void> {
    try {
      const { id, server, action, group, connectionId } = decodeGroupCommand(payload);
      if (!this.#node.local.has(connectionId)) return;
      await this.#changeGroupHere(action, connectionId, group);
      await this.#publish(this.#channels.acknowledgements(server), encodeAcknowledgement(id));
    } catch (error) {
      this.#node.logger.error("A group command failed.", { error });
    }
  }

  #deliverHere(target: Target, payload: Uint8Array): void {
    const invocation = decodeInvocation(payload);
    const except = invocation.excludedIds;
    const narrowed = target.kind === "all" || target.kind === "group" ? { ...target, except } : target;
    this.#node.local.deliver(narrowed, this.#messageOf(invocation));
  }

  #deliverToConnection(id: string, payload: Uint8Array): void {
    const invocation = decodeInvocation(payload);
    const { result } = invocation;
    if (result === undefined) {
      this.#node.local.deliver({ kind: "connection", id }, this.#messageOf(invocation));
      return;
    }
    const { invocationId, returnChannel } = result;
    void this.#node.local.results
      .expect(invocationId, id)
      .then((outcome) => this.#answer(returnChannel, { type: MessageType.completion, invocationId, outcome }));
    this.#node.local.deliver({ kind: "connection", id }, this.#messageOf(invocation));
  }

  /** Every node speaks JSON. */
  async #answer(returnChannel: string, completion: CompletionMessage): Promise<void> {
    const json = this.#protocol("json");
    try {
      await this.#publish(
        returnChannel,
        encodeCompletion({ protocol: json.name, message: bytesOf(json.encode(completion)) }),
      );
    } catch (error) {
      this.#node.logger.error("A client's result could not be published.", { error });
    }
  }

  #takeResult(payload: Uint8Array): void {
    const { protocol, message } = decodeCompletion(payload);
    const [completion] = this.#protocol(protocol).createReader(trusted).read(message);
    if (completion?.type !== MessageType.completion) throw new TypeError("Not a completion.");
    this.#node.local.results.settle(completion.invocationId, completion.outcome);
  }

  #framesOf(message: SerializedMessage): Map<string, Uint8Array> {
    return new Map(this.#node.protocols.map((protocol) => [protocol.name, bytesOf(message.frame(protocol))]));
  }

  /** A node may speak fewer protocols than this one: what is missing is encoded from what there is. */
  #messageOf({ messages }: RedisInvocation): SerializedMessage {
    const frames: { json?: Frame; messagepack?: Frame } = {};
    const json = messages.get("json");
    const messagepack = messages.get("messagepack");
    if (json !== undefined) frames.json = Buffer.from(json).toString();
    if (messagepack !== undefined) frames.messagepack = new Uint8Array(messagepack);
    return new SerializedMessage(() => this.#readAny(messages), frames);
  }

  #readAny(messages: ReadonlyMap<string, Uint8Array>): HubMessage {
    for (const protocol of this.#node.protocols) {
      const bytes = messages.get(protocol.name);
      if (bytes === undefined) continue;
      for (const message of protocol.createReader(trusted).read(bytes)) return message;
    }
    throw new HubException("Another node sent a message in no protocol known here.");
  }

  #protocol(name: string): HubProtocol {
    const protocol = this.#node.protocols.find((known) => known.name === name);
    if (protocol === undefined) throw new TypeError(`The protocol '${name}' is not spoken here.`);
    return protocol;
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

  #publish(channel: string, payload: Uint8Array<ArrayBuffer>): Promise<number> {
    return this.#publisher.publish(
      this.#prefix + channel,
      Buffer.from(payload.buffer, payload.byteOffset, payload.length),
    );
  }

  #listen(channel: string, handler: (payload: Uint8Array) => void): void {
    this.#handlers.set(channel, handler);
    const subscribed = this.#subscriber.subscribe(this.#prefix + channel);
    subscribed.catch((error) => this.#node.logger.error("Redis refused a subscription.", { error }));
    this.#subscriptions.set(channel, subscribed);
  }

  #ignore(channel: string): void {
    this.#handlers.delete(channel);
    this.#subscriptions.delete(channel);
    this.#subscriber
      .unsubscribe(this.#prefix + channel)
      .catch((error) => this.#node.logger.warn("Redis refused to end a subscription.", { error }));
  }

  #receive(channel: string, payload: Uint8Array): void {
    if (!channel.startsWith(this.#prefix)) return;
    const handler = this.#handlers.get(channel.slice(this.#prefix.length));
    try {
      handler?.(payload);
    } catch (error) {
      this.#node.logger.error("A message from another node could not be read.", { channel, error });
    }
  }
}

function bytesOf(frame: Frame): Uint8Array {
  return typeof frame === "string" ? Buffer.from(frame) : frame;
}
