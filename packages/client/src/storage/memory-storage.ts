import type { ClientMessageId, ConversationId, User, UserId } from "@hubbub/contract";
import type { ChatChanges, ChatStorage, OutboxEntry, StoredChat, StoredConversation } from "./chat-storage.ts";

/** Keeps it as long as it lives: where a browser keeps nothing, and for programs that need not. */
export class MemoryStorage implements ChatStorage {
  #head: Pick<StoredChat, "epoch" | "inbox"> | undefined;
  readonly #conversations = new Map<ConversationId, StoredConversation>();
  readonly #users = new Map<UserId, User>();
  readonly #outbox = new Map<ClientMessageId, OutboxEntry>();

  async load(): Promise<StoredChat | undefined> {
    await Promise.resolve();
    if (this.#head === undefined) return undefined;
    return { ...this.#head, conversations: [...this.#conversations.values()], users: [...this.#users.values()] };
  }

  save({ epoch, inbox, conversations, removed, users }: ChatChanges): Promise<void> {
    this.#head = { epoch, inbox };
    for (const id of removed) this.#conversations.delete(id);
    for (const state of conversations) this.#conversations.set(state.conversation.id, state);
    for (const user of users) this.#users.set(user.id, user);
    return Promise.resolve();
  }

  listOutbox(): Promise<readonly OutboxEntry[]> {
    return Promise.resolve([...this.#outbox.values()]);
  }

  putOutbox(entry: OutboxEntry): Promise<void> {
    this.#outbox.set(entry.clientMessageId, entry);
    return Promise.resolve();
  }

  removeOutbox(id: ClientMessageId): Promise<void> {
    this.#outbox.delete(id);
    return Promise.resolve();
  }

  hasOutbox(id: ClientMessageId): Promise<boolean> {
    return Promise.resolve(this.#outbox.has(id));
  }

  clearChat(): Promise<void> {
    this.#head = undefined;
    this.#conversations.clear();
    this.#users.clear();
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#outbox.clear();
    return this.clearChat();
  }
}
