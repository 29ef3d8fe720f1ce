import type { ConversationId, Message, MessageId } from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";
import { HubbubError } from "../hubbub-error.ts";
import { type ChatState, updateConversation } from "./chat-state.ts";
import { type ConversationState, holdsAfter } from "./conversation-state.ts";
import { forgetOwnReactions, learnOwnReactions } from "./own-reactions.ts";
import { isHeldToStay } from "./pins.ts";
import type { StateCell } from "./state-cell.ts";
import { messageIn } from "./threads.ts";
import type { UserDirectory } from "./user-directory.ts";

/** Reads what is shown beside a conversation's history, wherever it stands there: quoted messages, and threads. */
export class AsideReader {
  readonly #api: Pick<HubbubApi, "call">;
  readonly #chat: StateCell<ChatState>;
  readonly #users: Pick<UserDirectory, "want">;
  readonly #loads = new Map<string, Promise<void>>();

  constructor(api: Pick<HubbubApi, "call">, chat: StateCell<ChatState>, users: Pick<UserDirectory, "want">) {
    this.#api = api;
    this.#chat = chat;
    this.#users = users;
  }

  /** Reads a message unless it is held. @throws HubbubError `NOT_FOUND` */
  loadMessage(conversationId: ConversationId, id: MessageId): Promise<void> {
    return this.#shared(id, () => this.#loadMessage(conversationId, id));
  }

  /**
   * Reads a page of a thread's replies from before the known ones, at first its root and the newest.
   * @throws HubbubError
   */
  loadThread(conversationId: ConversationId, rootId: MessageId): Promise<void> {
    return this.#shared(`${rootId} thread`, () => this.#loadThread(conversationId, rootId));
  }

  /** Reads the pinned messages, which from then on are kept up to date. @throws HubbubError */
  loadPins(conversationId: ConversationId): Promise<void> {
    return this.#shared(`${conversationId} pins`, () => this.#loadPins(conversationId));
  }

  /** Learns with what one reacted to a message, of which it names the first people alone. @throws HubbubError */
  loadOwnReactions(conversationId: ConversationId, id: MessageId): Promise<void> {
    return this.#shared(`${id} own reactions`, () => this.#loadOwnReactions(conversationId, id));
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

  async #loadMessage(conversationId: ConversationId, id: MessageId): Promise<void> {
    const known = this.#known(conversationId);
    if (known === undefined || messageIn(known, id) !== undefined) return;
    const { message } = await this.#api.call("getMessage", { messageId: id });
    if (message.conversationId !== conversationId)
      throw new HubbubError({
        code: "NOT_FOUND",
        detail: "The message is not in this conversation.",
        retryable: false,
      });
    // what changed meanwhile may be in the answer as it was before
    if (this.#known(conversationId)?.messagesPts !== known.messagesPts) return this.#loadMessage(conversationId, id);
    this.#add(conversationId, [message]);
  }

  async #loadThread(conversationId: ConversationId, rootId: MessageId): Promise<void> {
    await this.loadMessage(conversationId, rootId);
    const known = this.#known(conversationId);
    const from = known?.threads.get(rootId);
    if (known === undefined || from === 0) return;
    const { items, nextCursor } = await this.#api.call("listMessages", {
      ...{ conversationId, threadRootId: rootId },
      ...(from !== undefined && { beforeSeq: from }),
    });
    const now = this.#known(conversationId);
    if (now === undefined) return;
    // a reset in between began anew
    const isReset = now.threads.get(rootId) !== from || !holdsAfter(now, known.conversation.seq);
    if (isReset || now.messagesPts !== known.messagesPts) return this.#loadThread(conversationId, rootId);
    this.#add(conversationId, items, new Map(now.threads).set(rootId, Number(nextCursor ?? 0)));
  }

  async #loadPins(conversationId: ConversationId): Promise<void> {
    const known = this.#known(conversationId);
    if (known === undefined || known.pins !== undefined) return;
    const { items } = await this.#api.call("listPins", { conversationId });
    const now = this.#known(conversationId);
    if (now === undefined) return;
    // what was pinned or changed meanwhile may be in the answer as it was before
    if (now.pinsPts !== known.pinsPts || now.messagesPts !== known.messagesPts) return this.#loadPins(conversationId);
    const pins = new Set(items.map(({ id }) => id));
    this.#chat.update((state) => updateConversation(state, conversationId, (held) => ({ ...held, pins })));
    this.#add(
      conversationId,
      items.filter((message) => !isHeldToStay(now, message)),
    );
    this.#users.want(items.map(({ senderId }) => senderId));
  }

  async #loadOwnReactions(conversationId: ConversationId, id: MessageId): Promise<void> {
    if (this.#known(conversationId)?.ownReactions.has(id) !== false) return;
    const update = (change: (known: ConversationState) => ConversationState): void =>
      this.#chat.update((state) => updateConversation(state, conversationId, change));
    // what one does meanwhile is heard
    update((known) => learnOwnReactions(known, id, []));
    try {
      const { items } = await this.#api.call("listReactions", { messageId: id, userId: this.#chat.get().ownId });
      const emoji = items.map((item) => item.emoji);
      // a reset in between began anew
      update((known) => (known.ownReactions.has(id) ? learnOwnReactions(known, id, emoji) : known));
    } catch (error) {
      update((known) => forgetOwnReactions(known, id));
      throw error;
    }
  }

  #add(id: ConversationId, messages: readonly Message[], threads?: ConversationState["threads"]): void {
    const added = messages.map((message) => [message.id, message] as const);
    this.#chat.update((state) =>
      updateConversation(state, id, (now) => ({
        ...now,
        aside: new Map([...now.aside, ...added]),
        ...(threads !== undefined && { threads }),
      })),
    );
    this.#users.want(messages.map(({ senderId }) => senderId));
  }
}
