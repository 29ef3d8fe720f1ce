import type { InvocationMessage } from "../protocol/messages.ts";
import { SerializedMessage } from "../protocol/serialized-message.ts";
import { ClientResults, resultOf } from "./client-results.ts";
import type { Deliverer, Target } from "./deliver.ts";
import { HubException } from "./hub-error.ts";
import { Membership } from "./membership.ts";
import type { MembershipObserver } from "./membership-observer.ts";

/** A connection as the lifetime manager knows it. */
export interface Recipient {
  readonly id: string;
  /** Empty for a connection that belongs to nobody in particular. */
  readonly userId: string;
  /** Queues the message behind everything queued before. */
  enqueue(message: SerializedMessage): void;
}

/**
 * Owns who is connected to this process, as whom, and in which groups, and delivers to them. All of it is synchronous:
 * once `removeFromGroup` has returned, nothing sent to the group later reaches that connection.
 */
export class InMemoryLifetimeManager implements Deliverer {
  /** By connection number; numbers of gone connections are given out again. */
  readonly #recipients: (Recipient | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #users = new Map<string, number[]>();
  readonly #membership = new Membership();
  readonly results = new ClientResults();
  #lastInvocation = 0;
  #observer: MembershipObserver | null = null;

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

  add(recipient: Recipient): void {
    const number = this.#freeNumbers.pop() ?? this.#recipients.length;
    this.#recipients[number] = recipient;
    this.#numbers.set(recipient.id, number);
    this.#observer?.connectionAdded(recipient.id);
    if (recipient.userId === "") return;
    const known = this.#users.get(recipient.userId);
    if (known === undefined) {
      this.#users.set(recipient.userId, [number]);
      this.#observer?.userAdded(recipient.userId);
    } else known.push(number);
  }

  /** Forgets a connection and takes it out of all its groups. */
  remove(recipient: Recipient): void {
    const number = this.#numbers.get(recipient.id);
    if (number === undefined) return;
    for (const group of this.#membership.removeAll(number)) this.#reportIfEmpty(group);
    this.results.disconnected(recipient.id);
    this.#numbers.delete(recipient.id);
    this.#recipients[number] = undefined;
    this.#freeNumbers.push(number);
    this.#observer?.connectionRemoved(recipient.id);
    const ofUser = this.#users.get(recipient.userId);
    if (ofUser === undefined) return;
    ofUser.splice(ofUser.indexOf(number), 1);
    if (ofUser.length > 0) return;
    this.#users.delete(recipient.userId);
    this.#observer?.userRemoved(recipient.userId);
  }

  /** @returns false when there is no such connection here, or it is in the group already */
  addToGroup(connectionId: string, group: string): boolean {
    const number = this.#numbers.get(connectionId);
    if (number === undefined) return false;
    const isNew = this.#membership.group(group) === undefined;
    const added = this.#membership.add(number, group);
    if (isNew) this.#observer?.groupAdded(group);
    return added;
  }

  /** @returns false when there is no such connection here, or it is not in the group */
  removeFromGroup(connectionId: string, group: string): boolean {
    const number = this.#numbers.get(connectionId);
    if (number === undefined || !this.#membership.remove(number, group)) return false;
    this.#reportIfEmpty(group);
    return true;
  }

  groupsOf(connectionId: string): string[] {
    const number = this.#numbers.get(connectionId);
    return number === undefined ? [] : this.#membership.groupsOf(number);
  }

  /** @returns connection ids, in no particular order */
  membersOf(group: string): string[] {
    return this.#idsOf(this.#membership.group(group)?.members);
  }

  /** @returns connection ids, the oldest first */
  connectionsOf(userId: string): string[] {
    return this.#idsOf(this.#users.get(userId));
  }

  deliver(target: Target, message: SerializedMessage): void {
    switch (target.kind) {
      case "all":
        for (const recipient of this.#recipients) {
          if (recipient !== undefined && !target.except?.includes(recipient.id)) recipient.enqueue(message);
        }
        return;
      case "group":
        this.#deliverTo(this.#membership.group(target.name)?.members, message, target.except);
        return;
      case "user":
        this.#deliverTo(this.#users.get(target.id), message);
        return;
      case "connection":
        this.#recipientOf(target.id)?.enqueue(message);
    }
  }

  async invoke(connectionId: string, invocation: InvocationMessage, signal?: AbortSignal): Promise<unknown> {
    const recipient = this.#recipientOf(connectionId);
    if (recipient === undefined) throw new HubException(`Connection '${connectionId}' does not exist.`);
    const invocationId = `s${++this.#lastInvocation}`;
    const outcome = this.results.expect(invocationId, connectionId, signal);
    recipient.enqueue(new SerializedMessage({ ...invocation, invocationId }));
    return resultOf(await outcome);
  }

  #reportIfEmpty(group: string): void {
    if (this.#membership.group(group) === undefined) this.#observer?.groupRemoved(group);
  }

  #deliverTo(numbers: readonly number[] | undefined, message: SerializedMessage, except?: readonly string[]): void {
    if (numbers === undefined) return;
    const skipped = except?.map((id) => this.#numbers.get(id));
    for (const number of numbers) {
      if (skipped?.includes(number)) continue;
      this.#recipients[number]?.enqueue(message);
    }
  }

  #recipientOf(connectionId: string): Recipient | undefined {
    const number = this.#numbers.get(connectionId);
    return number === undefined ? undefined : this.#recipients[number];
  }

  #idsOf(numbers: readonly number[] | undefined): string[] {
    return numbers?.flatMap((number) => this.#recipients[number]?.id ?? []) ?? [];
  }
}
