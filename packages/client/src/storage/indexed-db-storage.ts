import { type ClientMessageId, type ConversationId, schemaHash, type User, type UserId } from "@hubbub/contract";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type {
  ChatChanges,
  ChatStorage,
  OutboxEntry,
  StoredChat,
  StoredConversation,
  StoredInbox,
} from "./chat-storage.ts";

/**
 * Of what is kept of the chat: it holds objects of the contract, and another contract's are forgotten [K3]. The number
 * rises with the store's own part of a state.
 */
const cacheVersion = `1.${schemaHash}`;

interface Head {
  readonly version: string;
  readonly epoch: string;
  readonly inbox: StoredInbox;
}

interface Schema extends DBSchema {
  head: { key: "head"; value: Head };
  conversations: { key: ConversationId; value: StoredConversation };
  users: { key: UserId; value: User };
  outbox: { key: number; value: OutboxEntry; indexes: { clientMessageId: ClientMessageId } };
}

const chatStores = ["head", "conversations", "users"] as const;

/** Keeps it in the browser's IndexedDB. */
export class IndexedDbStorage implements ChatStorage {
  readonly #database: IDBPDatabase<Schema>;

  private constructor(database: IDBPDatabase<Schema>) {
    this.#database = database;
  }

  /** @param name of one account on one server. Rejects where the browser keeps nothing. */
  static async open(name: string): Promise<IndexedDbStorage> {
    const database = await openDB<Schema>(name, 1, {
      upgrade(made) {
        made.createObjectStore("head");
        made.createObjectStore("conversations", { keyPath: "conversation.id" });
        made.createObjectStore("users", { keyPath: "id" });
        made
          .createObjectStore("outbox", { autoIncrement: true })
          .createIndex("clientMessageId", "clientMessageId", { unique: true });
      },
    });
    return new IndexedDbStorage(database);
  }

  async load(): Promise<StoredChat | undefined> {
    const all = this.#database.transaction(chatStores);
    const [head, conversations, users] = await Promise.all([
      all.objectStore("head").get("head"),
      all.objectStore("conversations").getAll(),
      all.objectStore("users").getAll(),
    ]);
    if (head === undefined) return undefined;
    const { version, epoch, inbox } = head;
    if (version === cacheVersion) return { epoch, inbox, conversations, users };
    await this.clearChat();
    return undefined;
  }

  async save({ epoch, inbox, conversations, removed, users }: ChatChanges): Promise<void> {
    const all = this.#database.transaction(chatStores, "readwrite");
    const stored = all.objectStore("conversations");
    const people = all.objectStore("users");
    await Promise.all([
      all.objectStore("head").put({ version: cacheVersion, epoch, inbox }, "head"),
      ...removed.map((id) => stored.delete(id)),
      ...conversations.map((state) => stored.put(state)),
      ...users.map((user) => people.put(user)),
      all.done,
    ]);
  }

  listOutbox(): Promise<readonly OutboxEntry[]> {
    return this.#database.getAll("outbox");
  }

  async putOutbox(entry: OutboxEntry): Promise<void> {
    const { store, done } = this.#database.transaction("outbox", "readwrite");
    const key = await store.index("clientMessageId").getKey(entry.clientMessageId);
    await Promise.all([store.put(entry, key), done]);
  }

  async removeOutbox(id: ClientMessageId): Promise<void> {
    const { store, done } = this.#database.transaction("outbox", "readwrite");
    const key = await store.index("clientMessageId").getKey(id);
    await Promise.all([key === undefined ? undefined : store.delete(key), done]);
  }

  async hasOutbox(id: ClientMessageId): Promise<boolean> {
    return (await this.#database.countFromIndex("outbox", "clientMessageId", id)) > 0;
  }

  async clearChat(): Promise<void> {
    const all = this.#database.transaction(chatStores, "readwrite");
    await Promise.all([...chatStores.map((name) => all.objectStore(name).clear()), all.done]);
  }

  async clear(): Promise<void> {
    await Promise.all([this.clearChat(), this.#database.clear("outbox")]);
  }
}
