import type { ConversationId, UserId } from "@hubbub/contract";
import type { ChatStorage, StoredConversation } from "../storage/chat-storage.ts";
import type { Locks } from "../storage/locks.ts";
import type { ChatState } from "./chat-state.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { StateCell } from "./state-cell.ts";
import type { Users } from "./user-directory.ts";

/** Messages kept of a conversation: a few screens. */
const mostMessages = 60;

interface CacheWriterOptions {
  readonly ownId: UserId;
  /** Changes that come within this are written together, milliseconds. */
  readonly gatherFor: number;
  readonly storage: ChatStorage;
  readonly locks: Locks;
  readonly chat: StateCell<ChatState>;
  readonly users: StateCell<Users>;
  readonly unsentReadSeq: (id: ConversationId) => number | undefined;
}

/** Keeps what the client knows in storage, by one window of an account at a time [K5]. */
export class CacheWriter {
  readonly #options: CacheWriterOptions;
  readonly #ends: (() => void)[] = [];
  #saved: ChatState;
  #savedUsers: Users = new Map();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leads = false;
  #stopped = false;

  constructor(options: CacheWriterOptions) {
    this.#options = options;
    this.#saved = options.chat.get();
  }

  /** What is known now was loaded from storage. */
  start(): void {
    const { chat, users, locks, ownId } = this.#options;
    this.#saved = chat.get();
    this.#savedUsers = users.get();
    const untilStopped = new Promise<void>((resolve) => this.#ends.push(resolve));
    this.#ends.push(
      chat.subscribe(() => this.#saveSoon()),
      users.subscribe(() => this.#saveSoon()),
    );
    void locks.exclusively(`hubbub.cache.${ownId}`, async () => {
      this.#leads = true;
      this.#saveSoon();
      await untilStopped;
    });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const end of this.#ends.splice(0)) end();
  }

  #saveSoon(): void {
    if (this.#leads && !this.#stopped) this.#timer ??= setTimeout(() => void this.#save(), this.#options.gatherFor);
  }

  async #save(): Promise<void> {
    const { chat, users, storage, unsentReadSeq } = this.#options;
    const state = chat.get();
    const people = users.get();
    const { ownId: _, addedAt: __, epoch, conversations, ...inbox } = state;
    if (epoch !== undefined) {
      const before = this.#saved.conversations;
      const changed = [...conversations].filter(([id, conversation]) => before.get(id) !== conversation);
      const learned = [...people].filter(([id, user]) => this.#savedUsers.get(id) !== user);
      await storage.save({
        ...{ epoch, inbox },
        conversations: changed.map(([id, conversation]) => toStored(conversation, unsentReadSeq(id))),
        removed: [...before.keys()].filter((id) => !conversations.has(id)),
        users: learned.map(([, user]) => user),
      });
      this.#saved = state;
      this.#savedUsers = people;
    }
    this.#timer = undefined;
    if (chat.get() !== state || users.get() !== people) this.#saveSoon();
  }
}

function toStored(state: ConversationState, unsentReadSeq: number | undefined): StoredConversation {
  const {
    pending: _,
    early: __,
    window: ___,
    aside: ____,
    threads: _____,
    pins: ______,
    changing: _______,
    ownReactions: ________,
    ...kept
  } = state;
  const stored = { ...kept, ...(unsentReadSeq !== undefined && { unsentReadSeq }) };
  if (state.messages.length <= mostMessages) return stored;
  const history = state.history === "complete" ? "partial" : state.history;
  return { ...stored, history, messages: state.messages.slice(-mostMessages) };
}

export function fromStored({ unsentReadSeq: _, ...stored }: StoredConversation): ConversationState {
  return {
    ...stored,
    window: undefined,
    aside: new Map(),
    threads: new Map(),
    ownReactions: new Map(),
    pins: undefined,
    pending: [],
    changing: [],
    early: [],
  };
}
