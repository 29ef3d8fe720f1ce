import type { ConversationId, Message, OperationOutput, OperationRequest } from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";
import { type ChatState, updateConversation } from "./chat-state.ts";
import { addHistory, type ConversationState, joinsHistory } from "./conversation-state.ts";
import { extendWindow, joinRuns, leaveWindow, placeWindow } from "./history-window.ts";
import type { StateCell } from "./state-cell.ts";
import type { UserDirectory } from "./user-directory.ts";

/** Messages read around one from long before. */
const windowSize = 100;

type Where = Pick<OperationRequest<"listMessages">, "beforeSeq" | "afterSeq" | "aroundSeq" | "limit">;

/** Reads what was written before, page by page, for the conversations that are shown. */
export class HistoryReader {
  readonly #api: Pick<HubbubApi, "call">;
  readonly #chat: StateCell<ChatState>;
  readonly #users: Pick<UserDirectory, "want">;
  readonly #open = new Map<ConversationId, number>();
  readonly #loads = new Map<string, Promise<void>>();

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
   * Reads messages from before those that are shown, until there is more of the main history; calls at the same time
   * share it.
   * @throws HubbubError
   */
  loadEarlier(id: ConversationId): Promise<void> {
    return this.#shared(`before ${id}`, () => this.#loadEarlier(id));
  }

  /** The same from after the window, if there is one. @throws HubbubError */
  loadLater(id: ConversationId): Promise<void> {
    return this.#shared(`after ${id}`, () => this.#loadLater(id));
  }

  /**
   * Shows a message among those around it, in a window of its own where it is far from the known ones.
   * @returns undefined where there is none for the person, for whatever reason
   * @throws HubbubError
   */
  async showAround(id: ConversationId, seq: number): Promise<Message | undefined> {
    const isIt = (message: Message): boolean => message.seq === seq;
    const known = this.#known(id);
    if (known === undefined) return undefined;
    const held = known.window?.messages.find(isIt);
    if (held !== undefined) return held;
    const newest = known.messages.find(isIt);
    if (newest !== undefined && known.history !== "unloaded") {
      this.showNewest(id);
      return newest;
    }
    const page = await this.#read(id, { aroundSeq: seq, limit: windowSize });
    if (page === undefined) return this.showAround(id, seq);
    const { items } = page;
    const found = items.find(isIt);
    const isOldest = (items[0]?.seq ?? 0) <= known.conversation.me.visibleFromSeq;
    if (found !== undefined) this.#update(id, (now) => placeWindow(now, { items, isOldest }));
    return found;
  }

  /** Leaves what was written long ago. */
  showNewest(id: ConversationId): void {
    this.#update(id, leaveWindow);
  }

  #shared(key: string, load: () => Promise<void>): Promise<void> {
    const running = this.#loads.get(key);
    if (running !== undefined) return running;
    const begun = load().finally(() => this.#loads.delete(key));
    this.#loads.set(key, begun);
    return begun;
  }

  #known(id: ConversationId): ConversationState | undefined {
    return this.#chat.get().conversations.get(id);
  }

  #update(id: ConversationId, change: (state: ConversationState) => ConversationState): void {
    this.#chat.update((state) => updateConversation(state, id, change));
  }

  /** @returns undefined where what was changed while the page was on its way may be in it as it was before */
  async #read(conversationId: ConversationId, where: Where): Promise<OperationOutput<"listMessages"> | undefined> {
    const messagesPts = this.#known(conversationId)?.messagesPts;
    // threads included: a run without holes
    const page = await this.#api.call("listMessages", { conversationId, threads: "include", ...where });
    if (this.#known(conversationId)?.messagesPts !== messagesPts) return undefined;
    this.#users.want(page.items.map(({ senderId }) => senderId));
    return page;
  }

  async #loadEarlier(id: ConversationId): Promise<void> {
    const known = this.#known(id);
    if (known === undefined) return;
    if (known.window !== undefined) return this.#extend(id, known.window.messages[0], "earlier");
    if (known.history === "complete") return;
    const oldest = known.history === "unloaded" ? undefined : known.messages[0];
    const page = await this.#read(id, oldest === undefined ? {} : { beforeSeq: oldest.seq });
    if (page === undefined) return this.#loadEarlier(id);
    const { items, nextCursor } = page;
    this.#update(id, (now) => {
      // A reset in between began the messages anew, and this page may not reach them.
      const isReset = oldest !== undefined && now.messages[0]?.seq !== oldest.seq;
      if (isReset || !joinsHistory(now, items)) return now;
      return joinRuns(addHistory(now, { items, isOldest: nextCursor === null }));
    });
    if (nextCursor !== null && areReplies(items)) await this.#loadEarlier(id);
  }

  async #loadLater(id: ConversationId): Promise<void> {
    await this.#extend(id, this.#known(id)?.window?.messages.at(-1), "later");
  }

  /** @param edge the window's first or last message */
  async #extend(id: ConversationId, edge: Message | undefined, side: "earlier" | "later"): Promise<void> {
    if (edge === undefined) return;
    const page = await this.#read(id, side === "earlier" ? { beforeSeq: edge.seq } : { afterSeq: edge.seq });
    const isStill = (now: ConversationState | undefined): boolean =>
      now?.window?.messages.at(side === "earlier" ? 0 : -1)?.seq === edge.seq;
    if (!isStill(this.#known(id))) return;
    if (page === undefined) return this.#extend(id, edge, side);
    const { items, nextCursor } = page;
    const isOldest = side === "earlier" && nextCursor === null;
    this.#update(id, (now) => (isStill(now) ? extendWindow(now, { items, isOldest }) : now));
    if (nextCursor !== null && areReplies(items))
      await (side === "earlier" ? this.#loadEarlier(id) : this.#loadLater(id));
  }
}

/** A page that shows nothing new: what is written in threads is not in the main history [L15]. */
const areReplies = (page: readonly Message[]): boolean => page.every(({ threadRootId }) => threadRootId !== undefined);
