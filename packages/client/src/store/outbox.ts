import {
  type ClientMessageId,
  type ConversationId,
  type Message,
  newClientMessageId,
  type SendReceipt,
} from "@hubbub/contract";
import type { ChatConnection } from "../connection/chat-connection.ts";
import { HubbubError } from "../hubbub-error.ts";
import type { ChatStorage, OutboxEntry } from "../storage/chat-storage.ts";
import type { Locks } from "../storage/locks.ts";
import { applyChange } from "./apply-change.ts";
import { type ChatState, updateConversation } from "./chat-state.ts";
import { addMessages, type ConversationState, type NewMessage, type PendingMessage } from "./conversation-state.ts";
import { invokeIntent, type MessageIntent, type PendingChange, stillPending } from "./pending-change.ts";
import type { StateCell } from "./state-cell.ts";

/** The server may have forgotten what it knew of older ones, and so may the person, milliseconds [L12]. */
const tooOld = 7 * 24 * 60 * 60 * 1_000;
const tooOldText = "It was written more than a week ago.";

interface OutboxOptions {
  readonly storage: ChatStorage;
  readonly locks: Locks;
  readonly connection: Pick<ChatConnection, "call" | "state">;
  readonly chat: StateCell<ChatState>;
  /** Told what a receipt says of a conversation's head. */
  readonly heard: (id: ConversationId, pts: number) => void;
  /** @returns how long to wait after that many failures in a row, milliseconds */
  readonly retryDelay: (failures: number) => number;
}

type Waiting = PendingMessage | PendingChange;
type Settled = Pick<Waiting, "status" | "failure"> & Partial<Pick<Waiting, "createdAt">>;

const isIt =
  (clientMessageId: ClientMessageId) =>
  (each: { readonly clientMessageId?: ClientMessageId | undefined }): boolean =>
    each.clientMessageId === clientMessageId;

/**
 * Sends one's own messages, and changes to messages, each conversation's one after another so that their order stays,
 * and each until it is acknowledged or refused for good: a message bears one id and is stored once however often it is
 * repeated [L5], [L6], and a change that has happened does not happen again. It is kept until then, and of several
 * windows one sends it [K4], [K5].
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #sending = new Set<ConversationId>();
  /** In storage, as far as this window put or found it there; in the order in which it is to be sent. */
  readonly #kept = new Map<ClientMessageId, ConversationId>();
  /** Kept ones of conversations that are not known yet. */
  #unplaced: readonly OutboxEntry[] = [];
  #stopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Shows the message at once and sends it as soon as there is a connection. */
  send(id: ConversationId, written: NewMessage): void {
    const message: PendingMessage = {
      ...written,
      clientMessageId: newClientMessageId(),
      createdAt: new Date().toISOString(),
      status: "sending",
    };
    this.#update(id, (state) => ({ ...state, pending: [...state.pending, message] }));
    this.#keep(id, message);
    void this.#work(id);
  }

  /** Shows a message changed at once, and asks for the change as soon as there is a connection. */
  change({ id: messageId, conversationId }: Pick<Message, "id" | "conversationId">, intent: MessageIntent): void {
    const change: PendingChange = {
      ...{ clientMessageId: newClientMessageId(), messageId, intent },
      createdAt: new Date().toISOString(),
      status: "sending",
    };
    this.#update(conversationId, (state) => ({ ...state, changing: [...state.changing, change] }));
    this.#keep(conversationId, change);
    void this.#work(conversationId);
  }

  /** Takes up what an earlier run or another window left. */
  restore(entries: readonly OutboxEntry[]): void {
    this.#unplaced = entries;
    this.place();
  }

  /** Shows what was kept for conversations that have become known. */
  place(): void {
    if (this.#unplaced.length === 0) return;
    const { conversations } = this.#options.chat.get();
    const placed = this.#unplaced.filter(({ conversationId }) => conversations.has(conversationId));
    if (placed.length === 0) return;
    this.#unplaced = this.#unplaced.filter((entry) => !placed.includes(entry));
    for (const { conversationId: id, ...entry } of placed) {
      const { clientMessageId, failure } = entry;
      this.#kept.set(clientMessageId, id);
      const status = failure === undefined ? "sending" : "failed";
      this.#update(id, (state) => {
        if ([...state.pending, ...state.changing, ...state.messages].some(isIt(clientMessageId))) return state;
        if ("intent" in entry) return { ...state, changing: [...state.changing, { ...entry, status }] };
        return { ...state, pending: [...state.pending, { ...entry, status }] };
      });
      void this.#work(id);
    }
  }

  /** Sends again what was refused. */
  retry(id: ConversationId, clientMessageId: ClientMessageId): void {
    this.#mark(id, clientMessageId, { status: "sending", createdAt: new Date().toISOString() });
    void this.#work(id);
  }

  /** Gives up what was refused. */
  discard(id: ConversationId, clientMessageId: ClientMessageId): void {
    this.#forget(clientMessageId);
    const isOther = (waiting: Waiting): boolean => waiting.clientMessageId !== clientMessageId;
    this.#update(id, (state) => ({
      ...state,
      pending: state.pending.filter(isOther),
      changing: state.changing.filter(isOther),
    }));
  }

  /** Goes on with what waits for a connection. */
  resume(): void {
    for (const id of this.#options.chat.get().conversations.keys())
      if (this.#waitingIn(id).length > 0) void this.#work(id);
  }

  stop(): void {
    this.#stopped = true;
  }

  async #work(id: ConversationId): Promise<void> {
    if (this.#sending.has(id)) return;
    this.#sending.add(id);
    try {
      for (let failures = 0, next = this.#next(id); next !== undefined; next = this.#next(id)) {
        failures = (await this.#sendOne(id, next)) ? 0 : failures + 1;
        if (failures > 0 && this.#next(id) !== undefined) await pause(this.#options.retryDelay(failures));
      }
    } finally {
      this.#sending.delete(id);
      this.#tidy(id);
    }
  }

  /** What was shown by a push before its receipt came needs no sending any more. */
  #tidy(id: ConversationId): void {
    const waiting = this.#waitingIn(id);
    for (const [clientMessageId, conversationId] of this.#kept)
      if (conversationId === id && !waiting.some(isIt(clientMessageId))) this.#forget(clientMessageId);
  }

  #waitingIn(id: ConversationId): readonly Waiting[] {
    const { pending = [], changing = [] } = this.#options.chat.get().conversations.get(id) ?? {};
    return [...pending, ...changing];
  }

  #keep(conversationId: ConversationId, { status: _, ...entry }: Waiting): void {
    this.#kept.set(entry.clientMessageId, conversationId);
    void this.#options.storage.putOutbox({ conversationId, ...entry });
  }

  #forget(clientMessageId: ClientMessageId): void {
    this.#kept.delete(clientMessageId);
    void this.#options.storage.removeOutbox(clientMessageId);
  }

  #next(id: ConversationId): Waiting | undefined {
    if (this.#stopped || this.#options.connection.state.status !== "online") return undefined;
    const waiting = this.#waitingIn(id).filter(({ status }) => status === "sending");
    for (const clientMessageId of waiting.length > 1 ? this.#kept.keys() : []) {
      const first = waiting.find(isIt(clientMessageId));
      if (first !== undefined) return first;
    }
    return waiting[0];
  }

  /** @returns whether there is an answer for good; else it is worth another try */
  #sendOne(conversationId: ConversationId, waiting: Waiting): Promise<boolean> {
    const { locks, storage, chat } = this.#options;
    const { clientMessageId, createdAt } = waiting;
    return locks.exclusively(`hubbub.outbox.${chat.get().ownId}.${conversationId}`, async () => {
      if (!(await storage.hasOutbox(clientMessageId))) {
        this.discard(conversationId, clientMessageId); // another window sent it or gave it up
        return true;
      }
      if (Date.now() - Date.parse(createdAt) <= tooOld) return this.#try(conversationId, waiting);
      this.#mark(conversationId, clientMessageId, { status: "failed", failure: tooOldText });
      return true;
    });
  }

  async #try(conversationId: ConversationId, waiting: Waiting): Promise<boolean> {
    const { clientMessageId } = waiting;
    try {
      if ("intent" in waiting) await this.#invokeChange(conversationId, waiting);
      else await this.#invoke(conversationId, waiting);
      this.#forget(clientMessageId);
    } catch (error) {
      if (!(error instanceof HubbubError)) throw error;
      if (error.retryable) return false;
      this.#mark(conversationId, clientMessageId, { status: "failed", failure: error.detail });
    }
    return true;
  }

  async #invoke(conversationId: ConversationId, message: PendingMessage): Promise<void> {
    const { clientMessageId, text, attachments, replyTo, threadRootId, mentions } = message;
    const receipt = await this.#options.connection.call("sendMessage", {
      ...{ conversationId, clientMessageId, text },
      ...(attachments !== undefined && { mediaIds: attachments.map(({ id }) => id) }),
      ...(replyTo !== undefined && { replyToId: replyTo.id }),
      ...(threadRootId !== undefined && { threadRootId }),
      ...(mentions !== undefined && { mentions: [...mentions] }),
    });
    this.#acknowledge(conversationId, clientMessageId, receipt);
  }

  async #invokeChange(id: ConversationId, { clientMessageId, messageId, intent }: PendingChange): Promise<void> {
    const { connection, heard } = this.#options;
    const { pts } = await invokeIntent(connection, messageId, intent);
    // it stays shown until the conversation tells of it
    this.#update(id, (state) => {
      const changing = state.changing.map((each) =>
        isIt(clientMessageId)(each) ? { ...each, status: "sent" as const, pts } : each,
      );
      return { ...state, changing: stillPending(changing, state.conversation.pts) };
    });
    heard(id, pts);
  }

  /**
   * A receipt tells as much as the push of the message, and whichever comes first shows it; but whom a message calls,
   * of those named, and what its media are by now, is told by the push alone.
   */
  #acknowledge(id: ConversationId, clientMessageId: ClientMessageId, receipt: SendReceipt): void {
    const { chat, heard } = this.#options;
    const { ownId } = chat.get();
    this.#update(id, (state) => {
      const pending = state.pending.find((message) => message.clientMessageId === clientMessageId);
      if (pending === undefined) return state;
      const { messageId, seq, pts, createdAt } = receipt;
      const message: Message = {
        ...{ id: messageId, conversationId: id, seq, pts, senderId: ownId, clientMessageId },
        ...{ kind: "text", text: pending.text, createdAt },
        ...(pending.replyTo !== undefined && { replyTo: pending.replyTo }),
        ...(pending.threadRootId !== undefined && { threadRootId: pending.threadRootId }),
      };
      const isToldWhole = pending.mentions === undefined && pending.attachments === undefined;
      if (!isToldWhole && pts > state.conversation.pts) return markedSent(state, clientMessageId);
      return acknowledged(state, message, ownId);
    });
    heard(id, receipt.pts);
  }

  #mark(id: ConversationId, clientMessageId: ClientMessageId, settled: Settled): void {
    const isMarked = isIt(clientMessageId);
    this.#update(id, (state) => ({
      ...state,
      pending: state.pending.map((each) => (isMarked(each) ? { ...withoutFailure(each), ...settled } : each)),
      changing: state.changing.map((each) => (isMarked(each) ? { ...withoutFailure(each), ...settled } : each)),
    }));
    const found = this.#waitingIn(id).find(isMarked);
    if (found !== undefined) this.#keep(id, found);
  }

  #update(id: ConversationId, change: (state: ConversationState) => ConversationState): void {
    this.#options.chat.update((state) => updateConversation(state, id, change));
  }
}

function acknowledged(state: ConversationState, message: Message, ownId: ChatState["ownId"]): ConversationState {
  const { clientMessageId } = message;
  if (message.pts <= state.conversation.pts) {
    const oldest = state.messages[0];
    if (oldest !== undefined && oldest.seq <= message.seq) return addMessages(state, [message]);
    const pending = state.pending.filter((other) => other.clientMessageId !== clientMessageId);
    return { ...state, pending };
  }
  const change = { pts: message.pts, event: "ReceiveMessage" as const, payload: message };
  return applyChange(markedSent(state, clientMessageId), change, ownId);
}

function markedSent(state: ConversationState, id: ClientMessageId | undefined): ConversationState {
  const pending = state.pending.map((other) =>
    other.clientMessageId === id ? { ...other, status: "sent" as const } : other,
  );
  return { ...state, pending };
}

function withoutFailure<Kind extends Waiting>({ failure: _, ...others }: Kind): Omit<Kind, "failure"> {
  return others;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
