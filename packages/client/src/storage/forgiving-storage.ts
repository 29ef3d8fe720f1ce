import type { ClientMessageId } from "@hubbub/contract";
import type { ChatChanges, ChatStorage, OutboxEntry, StoredChat } from "./chat-storage.ts";
import { MemoryStorage } from "./memory-storage.ts";

/** Goes on in memory from the first failure on: a full disk or a private window costs no message [K7]. */
export class ForgivingStorage implements ChatStorage {
  readonly #memory = new MemoryStorage();
  readonly #onFailure: () => void;
  #storage: Promise<ChatStorage>;
  #hasFailed = false;

  /** @param onFailure told once that nothing outlives this window */
  constructor(open: () => Promise<ChatStorage>, onFailure: () => void) {
    this.#onFailure = onFailure;
    this.#storage = open();
    this.#storage.catch(() => undefined);
  }

  load(): Promise<StoredChat | undefined> {
    return this.#use((storage) => storage.load());
  }

  save(changes: ChatChanges): Promise<void> {
    return this.#use((storage) => storage.save(changes));
  }

  async listOutbox(): Promise<readonly OutboxEntry[]> {
    const entries = await this.#use((storage) => storage.listOutbox());
    for (const entry of entries) await this.#memory.putOutbox(entry);
    return entries;
  }

  async putOutbox(entry: OutboxEntry): Promise<void> {
    const mirrored = this.#memory.putOutbox(entry);
    await Promise.all([mirrored, this.#use((storage) => storage.putOutbox(entry))]);
  }

  async removeOutbox(id: ClientMessageId): Promise<void> {
    const mirrored = this.#memory.removeOutbox(id);
    await Promise.all([mirrored, this.#use((storage) => storage.removeOutbox(id))]);
  }

  hasOutbox(id: ClientMessageId): Promise<boolean> {
    return this.#use((storage) => storage.hasOutbox(id));
  }

  clearChat(): Promise<void> {
    return this.#use((storage) => storage.clearChat());
  }

  async clear(): Promise<void> {
    await Promise.all([this.#memory.clear(), this.#use((storage) => storage.clear())]);
  }

  async #use<Result>(act: (storage: ChatStorage) => Promise<Result>): Promise<Result> {
    try {
      return await act(await this.#storage);
    } catch {
      this.#storage = Promise.resolve(this.#memory);
      if (!this.#hasFailed) this.#onFailure();
      this.#hasFailed = true;
      return act(this.#memory);
    }
  }
}
