import type { ClientMessageId, ConversationId, User } from "@hubbub/contract";
import type { ChatState } from "../store/chat-state.ts";
import type { ConversationState, PendingMessage } from "../store/conversation-state.ts";
import type { PendingChange } from "../store/pending-change.ts";

/**
 * What is kept of a conversation: not what waits to be sent, which is kept by itself, nor what came early or is held
 * beside its history [K2].
 */
export type StoredConversation = Omit<
  ConversationState,
  "pending" | "changing" | "early" | "window" | "aside" | "threads" | "ownReactions" | "pins"
> & {
  /** How far it was read here, where the server may not know it yet. */
  readonly unsentReadSeq?: number;
};

/** What the inbox leads to, all of it at one `userPts`. */
export type StoredInbox = Omit<ChatState, "ownId" | "epoch" | "conversations" | "addedAt">;

export interface StoredChat {
  readonly epoch: string;
  readonly inbox: StoredInbox;
  readonly conversations: readonly StoredConversation[];
  readonly users: readonly User[];
}

/** What changed since the last saving; `epoch` and `inbox` belong to the state as a whole. */
export interface ChatChanges extends StoredChat {
  readonly removed: readonly ConversationId[];
}

/** A message of one's own, or a change to a message, until it is acknowledged or given up. */
export type OutboxEntry = (Omit<PendingMessage, "status"> | Omit<PendingChange, "status" | "pts">) & {
  readonly conversationId: ConversationId;
};

/**
 * What one account on one server keeps on this device. A call that fails rejects and has changed nothing; calls take
 * effect in the order in which they are made [K1].
 */
export interface ChatStorage {
  /** @returns undefined where nothing is kept, or what an earlier version kept, which is forgotten [K3] */
  load(): Promise<StoredChat | undefined>;
  save(changes: ChatChanges): Promise<void>;
  /** In the order in which they were first put. */
  listOutbox(): Promise<readonly OutboxEntry[]>;
  putOutbox(entry: OutboxEntry): Promise<void>;
  removeOutbox(id: ClientMessageId): Promise<void>;
  hasOutbox(id: ClientMessageId): Promise<boolean>;
  /** Forgets all but the outbox. */
  clearChat(): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
}
