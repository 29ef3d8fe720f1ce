import type { HubProtocol } from "../protocol/hub-protocol.ts";
import type { InvocationMessage } from "../protocol/messages.ts";
import { SerializedMessage } from "../protocol/serialized-message.ts";
import { ClientResults, resultOf } from "./client-results.ts";
import type { Deliverer, Target } from "./deliver.ts";
import type { HubLifetime } from "./hub-context.ts";
import { Membership } from "./membership.ts";
import type { MembershipObserver } from "./membership-observer.ts";
import { NativeRoom, type RoomMember } from "./native-room.ts";

/** A connection as the lifetime manager knows it. */
export interface Recipient extends RoomMember {
  readonly id: string;
  /** Empty for a connection that belongs to nobody in particular. */
  readonly userId: string;
}

/** How groups are written to. */
export interface DeliveryOptions {
  /** Begins the names of this hub's topics. */
  readonly topicPrefix: string;
  /** Members from which on the runtime itself writes to a group. */
  readonly nativeRoomSize: number;
  /** Writes what is queued for those to whom the runtime writes, so that what it writes comes behind it. */
  readonly flushSubscribers: () => void;
}

/** Each connection is written to by itself. */
const oneByOne: DeliveryOptions = {
  topicPrefix: "",
  nativeRoomSize: Number.POSITIVE_INFINITY,
  flushSubscribers: () => undefined,
};

/**
 * Owns who is connected to this process, as whom, and in which groups, and delivers to them. All of it is synchronous:
 * once `removeFromGroup` has returned, nothing sent to the group later reaches that connection.
 */
export class InMemoryLifetimeManager<Connection extends Recipient = Recipient> implements Deliverer, HubLifetime {
  /** By connection number; numbers of gone connections are given out again. */
  readonly #recipients: (Connection | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  readonly #numbers = new Map<string, number>();
  /** The connection numbers of each user, the oldest first. Most have one, and a list of one costs 64 bytes. */
  readonly #users = new Map<string, number | number[]>();
  readonly #membership = new Membership();
  readonly results = new ClientResults();
  #lastInvocation = 0;
  #deliveries = 0;
  #observer: MembershipObserver | null = null;
  readonly #options: DeliveryOptions;
  readonly #rooms = new Map<string, NativeRoom>();

  constructor(options: DeliveryOptions = oneByOne) {
    this.#options = options;
  }

  /** How many messages were given to connections since the start: one a connection each. */
  get deliveries(): number {
    return this.#deliveries;
  }

  get size(): number {
    return this.#numbers.size;
  }

  /** Sets the one observer. */
  observe(observer: MembershipObserver | null): void {
    this.#observer = observer;
  }

  has(connectionId: string): boolean {
    return this.#numbers.has(connectionId);
  }

  /** @returns the connection of that id */
  get(connectionId: string): Connection | undefined {
    const number = this.#numbers.get(connectionId);
    return number === undefined ? undefined : this.#recipients[number];
  }

  /** All of them, the oldest first. */
  *connections(): Iterable<Connection> {
    for (const number of this.#numbers.values()) {
      const connection = this.#recipients[number];
      if (connection !== undefined) yield connection;
    }
  }

  /** @returns the protocol that a connection of this node speaks */
  protocolOf(connectionId: string): HubProtocol | undefined {
    return this.get(connectionId)?.protocol ?? undefined;
  }

  add(recipient: Connection): void {
    const number = this.#freeNumbers.pop() ?? this.#recipients.length;
    this.#recipients[number] = recipient;
    this.#numbers.set(recipient.id, number);
    this.#observer?.connectionAdded(recipient.id);
    if (recipient.userId === "") return;
    const known = this.#users.get(recipient.userId);
    if (known === undefined) {
      this.#users.set(recipient.userId, number);
      this.#observer?.userAdded(recipient.userId);
    } else if (typeof known === "number") this.#users.set(recipient.userId, [known, number]);
    else known.push(number);
  }

  /** Forgets a connection and takes it out of all its groups. */
  remove(recipient: Connection): void {
    const number = this.#numbers.get(recipient.id);
    if (number === undefined) return;
    for (const group of this.#membership.removeAll(number)) this.#left(group, recipient);
    this.results.disconnected(recipient.id);
    this.#numbers.delete(recipient.id);
    this.#recipients[number] = undefined;
    this.#freeNumbers.push(number);
    this.#observer?.connectionRemoved(recipient.id);
    const ofUser = this.#users.get(recipient.userId);
    if (ofUser === undefined) return;
    if (typeof ofUser === "object" && ofUser.length > 1) {
      ofUser.splice(ofUser.indexOf(number), 1);
      return;
    }
    this.#users.delete(recipient.userId);
    this.#observer?.userRemoved(recipient.userId);
  }

  addToGroup(connectionId: string, group: string): boolean {
    const number = this.#numbers.get(connectionId);
    if (number === undefined) return false;
    const isNew = this.#membership.group(group) === undefined;
    const added = this.#membership.add(number, group);
    if (isNew) this.#observer?.groupAdded(group);
    if (added) this.#joined(group, number);
    return added;
  }

  removeFromGroup(connectionId: string, group: string): boolean {
    const number = this.#numbers.get(connectionId);
    const recipient = number === undefined ? undefined : this.#recipients[number];
    if (number === undefined || recipient === undefined || !this.#membership.remove(number, group)) return false;
    this.#left(group, recipient);
    return true;
  }

  groupsOf(connectionId: string): string[] {
    const number = this.#numbers.get(connectionId);
    return number === undefined ? [] : this.#membership.groupsOf(number);
  }

  membersOf(group: string): string[] {
    return this.#idsOf(this.#membership.group(group)?.members);
  }

  connectionsOf(userId: string): string[] {
    return this.#idsOf(this.#numbersOf(userId));
  }

  deliver(target: Target, message: SerializedMessage): void {
    switch (target.kind) {
      case "all":
        this.#deliveries += this.size;
        for (const recipient of this.#recipients) {
          if (recipient !== undefined && !target.except?.includes(recipient.id)) recipient.enqueue(message);
        }
        return;
      case "group":
        this.#deliverToGroup(target.name, message, target.except);
        return;
      case "user":
        this.#deliverTo(this.#numbersOf(target.id), message);
        return;
      case "connection":
        this.#deliveries++;
        this.get(target.id)?.enqueue(message);
    }
  }

  async invoke(connectionId: string, invocation: InvocationMessage, signal?: AbortSignal): Promise<unknown> {
    const recipient = this.get(connectionId);
    if (recipient === undefined) throw new Error(`Connection '${connectionId}' does not exist.`);
    const invocationId = `s${++this.#lastInvocation}`;
    const expected = this.results.expect(invocationId, connectionId, signal);
    try {
      recipient.enqueue(new SerializedMessage({ ...invocation, invocationId }));
    } catch (error) {
      this.results.settle(invocationId, { kind: "void" });
      throw error;
    }
    const outcome = await expected;
    if (outcome.kind === "error" && !this.has(connectionId)) {
      throw new Error(`Connection '${connectionId}' disconnected.`);
    }
    return resultOf(outcome);
  }

  /** A group that has grown large gets a room, with everyone in it. */
  #joined(name: string, number: number): void {
    const members = this.#membership.group(name)?.members ?? [];
    const room = this.#rooms.get(name);
    if (room !== undefined) this.#enter(room, number);
    else if (members.length >= this.#options.nativeRoomSize) {
      const opened = new NativeRoom(`${this.#options.topicPrefix} ${name}`);
      this.#rooms.set(name, opened);
      for (const member of members) this.#enter(opened, member);
    }
  }

  #enter(room: NativeRoom, number: number): void {
    const recipient = this.#recipients[number];
    if (recipient !== undefined) room.add(recipient);
  }

  /** A room is given up at half its size, so that one member who comes and goes does not build and clear it each time. */
  #left(name: string, recipient: Connection): void {
    const group = this.#membership.group(name);
    const room = this.#rooms.get(name);
    room?.remove(recipient);
    if (room !== undefined && (group?.members.length ?? 0) < this.#options.nativeRoomSize / 2) {
      this.#rooms.delete(name);
      for (const member of group?.members ?? []) {
        const left = this.#recipients[member];
        if (left !== undefined) room.remove(left);
      }
    }
    if (group === undefined) this.#observer?.groupRemoved(name);
  }

  #deliverToGroup(name: string, message: SerializedMessage, except: readonly string[] | undefined): void {
    const room = this.#rooms.get(name);
    if (room === undefined || (except !== undefined && except.length > 0)) {
      this.#deliverTo(this.#membership.group(name)?.members, message, except);
      return;
    }
    this.#options.flushSubscribers();
    this.#deliveries += this.#membership.group(name)?.members.length ?? 0;
    room.publish(message);
  }

  #deliverTo(
    numbers: (ArrayLike<number> & Iterable<number>) | undefined,
    message: SerializedMessage,
    except?: readonly string[],
  ): void {
    if (numbers === undefined) return;
    this.#deliveries += numbers.length;
    const skipped = except?.map((id) => this.#numbers.get(id));
    for (const number of numbers) {
      if (skipped?.includes(number)) continue;
      this.#recipients[number]?.enqueue(message);
    }
  }

  #numbersOf(userId: string): readonly number[] {
    const known = this.#users.get(userId) ?? [];
    return typeof known === "number" ? [known] : known;
  }

  #idsOf(numbers: Iterable<number> = []): string[] {
    return Array.from(numbers, (number) => this.#recipients[number]?.id ?? "");
  }
}
