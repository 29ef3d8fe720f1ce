import { ChatConnection, ChatStore, type ConversationState } from "@hubbub/client";
import type { Change, ConversationId } from "@hubbub/contract";
import { otherDevice, type Person } from "./person.ts";
import { insist } from "./senders.ts";

/** Another device of someone who writes elsewhere: the store of our own SDK, which marks what it reads. */
export class Device {
  readonly #person: Person;
  readonly #store: ChatStore;

  private constructor(person: Person) {
    this.#person = person;
    this.#store = new ChatStore({ ...person, connection: new ChatConnection(person.api), retryDelay: () => 100 });
  }

  static async open(owner: Person, conversations: readonly ConversationId[]): Promise<Device> {
    const device = new Device(await insist(() => otherDevice(owner)));
    for (const id of conversations) device.#store.history.open(id);
    device.#store.start();
    await device.#store.caughtUp();
    for (const id of conversations) {
      await insist(() => device.#store.history.loadEarlier(id));
      await insist(() => device.#store.loadReceipts(id));
    }
    return device;
  }

  close(): Promise<void> {
    return this.#store.stop();
  }

  /** As a person does who will not wait. */
  reconnect(): void {
    this.#store.reconnect();
  }

  /** Reads here, and at the same time by the API as if on a third device: of all marks the highest holds [L22]. */
  async keepReading(pick: () => ConversationId, random: () => number, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const conversationId = pick();
      const seq = this.#store.getSnapshot().conversations.get(conversationId)?.conversation.seq ?? 0;
      this.#store.markRead(conversationId, Math.floor(seq * random()));
      if (seq > 0 && random() < 0.3)
        await insist(() =>
          this.#person.api.call("markMessageAsRead", { conversationId, seq: Math.ceil(seq * random()) }),
        );
      await Bun.sleep(30);
    }
  }

  /** What differs from the database: conversation, counters, marks of all members, messages. */
  async disagreements(logs: ReadonlyMap<ConversationId, readonly Change[]>): Promise<string[]> {
    const faults = await Promise.all([...logs].map(([id, log]) => this.#disagreements(id, log)));
    return faults.flat();
  }

  async #disagreements(conversationId: ConversationId, log: readonly Change[]): Promise<string[]> {
    const { api, user } = this.#person;
    await this.#store.loadReceipts(conversationId);
    const state = this.#store.getSnapshot().conversations.get(conversationId);
    if (state === undefined) return [`${user.username}'s device does not show ${conversationId}`];
    const { conversation } = await api.call("getConversation", { conversationId });
    const { items } = await api.call("listReceipts", { conversationId });
    const marks = new Map(items.map(({ userId, readSeq, deliveredSeq }) => [userId, { readSeq, deliveredSeq }]));
    const messages = log.flatMap((change) => (change.event === "ReceiveMessage" ? [change.payload] : []));
    const compared = {
      conversation: [state.conversation, conversation],
      "own counters": [countersOf(state, log, user.id), conversation.me.unread],
      receipts: [new Map(state.receipts), marks],
      messages: [state.messages, messages.slice(messages.length - state.messages.length)],
    };
    return Object.entries(compared).flatMap(([what, [shown, stored]]) =>
      Bun.deepEquals(shown, stored)
        ? []
        : [`${what} of ${conversationId} on ${user.username}'s device: ${brief(shown)} and not ${brief(stored)}`],
    );
  }
}

/** Counted from the log by itself [L23]. */
function countersOf({ conversation }: ConversationState, log: readonly Change[], ownId: string): number {
  const unread = log.filter(
    (change) =>
      change.event === "ReceiveMessage" &&
      change.payload.seq > conversation.me.readSeq &&
      change.payload.senderId !== ownId &&
      change.payload.kind !== "system",
  );
  return Math.min(100, unread.length);
}

function brief(value: unknown): string {
  return Bun.inspect(value).replaceAll(/\s+/g, " ").slice(0, 300);
}
