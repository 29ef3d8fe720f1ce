import type { ConversationId } from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";
import { type ChatState, updateConversation } from "./chat-state.ts";
import { addHistory, joinsHistory } from "./conversation-state.ts";
import type { StateCell } from "./state-cell.ts";
import type { UserDirectory } from "./user-directory.ts";

/** Reads what was written before, page by page, for the conversations that are shown. */
export class HistoryReader {
  readonly #api: Pick<HubbubApi, "call">;
  readonly #chat: StateCell<ChatState>;
  readonly #users: Pick<UserDirectory, "want">;
  readonly #open = new Map<ConversationId, number>();
  readonly #loads = new Map<ConversationId, Promise<void>>();

  constructor(api: Pick<HubbubApi, "call">, chat: StateCell<ChatState>, users: Pick<UserDirectory, "want">) {
    this.#api = api;
    this.#chat = chat;
    this.#users = users;
  }

  /** Keeps a conversation's messages loaded while it is shown. @returns the way to tell that it no longer is */
  open(id: ConversationId): () => void {
    this.#open.set(id, (this.#open.get(id) ?? 0) + 1);
    return () => {
      const left = (this.#open.get(id) ?? 1) - 1;
      if (left > 0) this.#open.set(id, left);
      else this.#open.delete(id);
    };
  }

  isOpen(id: ConversationId): boolean {
    return this.#open.has(id);
  }

  /**
   * Reads a page of messages from before the known ones; calls at the same time share it.
   * @throws HubbubError
   */
  loadEarlier(id: ConversationId): Promise<void> {
    const running = this.#loads.get(id);
    if (running !== undefined) return running;
    const load = this.#loadEarlier(id).finally(() => this.#loads.delete(id));
    this.#loads.set(id, load);
    return load;
  }

  async #loadEarlier(conversationId: ConversationId): Promise<void> {
    const now = () => this.#chat.get().conversations.get(conversationId);
    const known = now();
    if (known === undefined || known.history === "complete") return;
    const oldest = known.history === "unloaded" ? undefined : known.messages[0];
    const { items, nextCursor } = await this.#api.call("listMessages", {
      conversationId,
      threads: "include", // a run without holes
      ...(oldest !== undefined && { beforeSeq: oldest.seq }),
    });
    // What was changed while the page was on its way may be in it as it was before.
    if (now()?.messagesPts !== known.messagesPts) return this.#loadEarlier(conversationId);
    const page = { items, isOldest: nextCursor === null };
    this.#chat.update((state) =>
      updateConversation(state, conversationId, (now) => {
        // A reset in between began the messages anew, and this page may not reach them.
        const isReset = oldest !== undefined && now.messages[0]?.seq !== oldest.seq;
        return isReset || !joinsHistory(now, items) ? now : addHistory(now, page);
      }),
    );
    this.#users.want(items.map(({ senderId }) => senderId));
  }
}
