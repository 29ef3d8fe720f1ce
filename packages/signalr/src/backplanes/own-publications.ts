/** Payloads that are still to come back, the oldest first; those before `next` have. */
interface Queue {
  readonly payloads: Uint8Array[];
  next: number;
}

/**
 * Knows a connection's own publications when Redis brings them back. On the connection that both publishes and listens
 * they come back surely, on each channel in the order they were published in. Payloads that equal another node's
 * cannot be told apart and need not be: as many are left out as were published here.
 */
export class OwnPublications {
  readonly #queues = new Map<string, Queue>();

  /** A payload is being published to a channel that is listened to. */
  add(channel: string, payload: Uint8Array): void {
    const queue = this.#queues.get(channel);
    if (queue === undefined) this.#queues.set(channel, { payloads: [payload], next: 0 });
    else queue.payloads.push(payload);
  }

  /** @returns whether what has arrived is the next own publication on that channel, which it is not to come any more */
  take(channel: string, payload: Uint8Array): boolean {
    const queue = this.#queues.get(channel);
    const expected = queue?.payloads[queue.next];
    if (queue === undefined || expected === undefined || !isEqual(expected, payload)) return false;
    queue.next++;
    if (queue.next === queue.payloads.length) this.#queues.delete(channel);
    return true;
  }

  /** A payload was refused and will not come back. */
  forget(channel: string, payload: Uint8Array): void {
    const queue = this.#queues.get(channel);
    const index = queue?.payloads.indexOf(payload, queue.next) ?? -1;
    if (queue === undefined || index < 0) return;
    queue.payloads.splice(index, 1);
    if (queue.next === queue.payloads.length) this.#queues.delete(channel);
  }

  /** Nothing comes back on a connection that is gone. */
  clear(): void {
    this.#queues.clear();
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}
