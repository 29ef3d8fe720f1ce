import {
  type Conversation,
  type ConversationId,
  type Invitation,
  type InvitationId,
  limits,
  type OperationOutput,
  type SyncAnswer,
  type SyncedConversation,
} from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";
import { HubbubError } from "../hubbub-error.ts";
import { applyChange } from "./apply-change.ts";
import {
  applyInboxEntry,
  blocksOf,
  type ChatState,
  type Invitations,
  removeConversations,
  updateConversation,
} from "./chat-state.ts";
import { type HistoryPage, replaceConversation, withSettings } from "./conversation-state.ts";
import { raiseReceipts } from "./marks.ts";
import { readPeople } from "./people-state.ts";
import type { StateCell } from "./state-cell.ts";

export type SyncStatus =
  | { readonly status: "loading" }
  | { readonly status: "ready" }
  /** The first load failed and is tried again. */
  | { readonly status: "failed"; readonly error: HubbubError };

interface SynchroniserOptions {
  readonly api: Pick<HubbubApi, "call">;
  readonly chat: StateCell<ChatState>;
  readonly status: StateCell<SyncStatus>;
  /** Whose history must stay shown across a reset. */
  readonly isOpen: (id: ConversationId) => boolean;
  /** How long a gap may fill by itself, milliseconds [L19]. */
  readonly gapDelay: number;
  /** @returns how long to wait after that many failures in a row, milliseconds */
  readonly retryDelay: (failures: number) => number;
}

/** Brings the state up to the server's: first load, what was missed, and gaps between pushes [L17]–[L20]. */
export class Synchroniser {
  readonly #options: SynchroniserOptions;
  /** The highest pts heard of, by conversation, known here or not. */
  readonly #heard = new Map<ConversationId, number>();
  #heardUserPts = 0;
  readonly #gapTimers = new Map<ConversationId | "inbox", ReturnType<typeof setTimeout>>();
  #wanted: "all" | Set<ConversationId> | undefined;
  #loop: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  readonly #firstTime = Promise.withResolvers<void>();
  #stopped = false;

  constructor(options: SynchroniserOptions) {
    this.#options = options;
  }

  /** Asks for everything that was missed; before the first load, loads. */
  requestAll(): void {
    this.#wanted = "all";
    this.#run();
  }

  /** Settles when everything has been asked for that was missed before the start. */
  caughtUp(): Promise<void> {
    return this.#firstTime.promise;
  }

  /** Asks for one conversation's changes and the inbox. */
  request(id?: ConversationId): void {
    if (this.#wanted !== "all") {
      this.#wanted ??= new Set();
      if (id !== undefined) this.#wanted.add(id);
    }
    this.#run();
  }

  /**
   * Takes note that a conversation has reached a pts, and asks if it stays behind.
   * @param patience milliseconds to wait for pushes under way
   */
  heard(id: ConversationId, pts: number, patience = this.#options.gapDelay): void {
    this.#heard.set(id, Math.max(pts, this.#heard.get(id) ?? 0));
    if (this.#isBehind(id)) this.#askLater(id, patience);
  }

  /** The same for the inbox. */
  heardInbox(userPts: number): void {
    this.#heardUserPts = Math.max(userPts, this.#heardUserPts);
    if (this.#heardUserPts > this.#options.chat.get().userPts) this.#askLater("inbox", this.#options.gapDelay);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#gapTimers.values()) clearTimeout(timer);
    this.#wake?.();
  }

  #isBehind(id: ConversationId): boolean {
    const known = this.#options.chat.get().conversations.get(id)?.conversation.pts;
    return known === undefined || known < (this.#heard.get(id) ?? 0);
  }

  #askLater(what: ConversationId | "inbox", patience: number): void {
    if (this.#gapTimers.has(what) || this.#stopped) return;
    const ask = (): void => {
      this.#gapTimers.delete(what);
      if (what === "inbox") {
        if (this.#heardUserPts > this.#options.chat.get().userPts) this.request();
      } else if (this.#isBehind(what)) this.request(what);
    };
    this.#gapTimers.set(what, setTimeout(ask, patience));
  }

  #run(): void {
    this.#wake?.();
    this.#loop ??= this.#work().finally(() => {
      this.#loop = undefined;
    });
  }

  async #work(): Promise<void> {
    for (let failures = 0; this.#wanted !== undefined && !this.#stopped; ) {
      const wanted = this.#wanted;
      this.#wanted = undefined;
      try {
        if (this.#options.chat.get().epoch === undefined) await this.#loadAll();
        else await this.#catchUp(wanted);
        failures = 0;
        if (this.#wanted === undefined) this.#firstTime.resolve();
      } catch (error) {
        this.#wanted = this.#wanted === undefined ? wanted : "all";
        this.#tellFailure(error);
        if (isSessionEnd(error)) return;
        await this.#pause(this.#options.retryDelay(++failures));
      }
    }
  }

  #tellFailure(error: unknown): void {
    if (!(error instanceof HubbubError)) throw error;
    this.#options.status.update((before) => (before.status === "ready" ? before : { status: "failed", error }));
  }

  /** Waits, unless something new is asked for meanwhile. */
  async #pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  /** The heads first, so that whatever happens during the listing is asked for after it. */
  async #loadAll(): Promise<void> {
    const { api, chat, status } = this.#options;
    const head = await api.call("sync", {});
    const listed = new Map<ConversationId, number>();
    while (!(await this.#list(listed)));
    const invitations = await this.#readInvitations();
    const people = await readPeople(api);
    this.#heard.clear();
    chat.update((state) => {
      const gone = [...state.conversations.keys()].filter((id) => !listed.has(id));
      return {
        ...removeConversations(state, gone),
        epoch: head.epoch,
        userPts: head.userPts,
        people,
        addedAt: new Map(),
        invitations,
      };
    });
    status.update(() => ({ status: "ready" }));
    this.#wanted = "all";
  }

  async #readInvitations(): Promise<Invitations> {
    const invitations = new Map<InvitationId, Invitation>();
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: OperationOutput<"listInvitations"> = await this.#options.api.call("listInvitations", {
        limit: limits.page.most,
        ...(cursor !== undefined && { cursor }),
      });
      for (const invitation of page.items) invitations.set(invitation.id, invitation);
      cursor = page.nextCursor;
    }
    return invitations;
  }

  /**
   * Reads the list, newest activity first, down to a conversation without news since an earlier reading. One that
   * moves up between two pages would be missed: a reading of several pages needs another one after it.
   * @param listed pts of those read; is added to
   * @returns whether it was a single page
   */
  async #list(listed: Map<ConversationId, number>): Promise<boolean> {
    let pages = 0;
    for (let cursor: string | null | undefined; cursor !== null; pages++) {
      const page: OperationOutput<"listConversations"> = await this.#options.api.call("listConversations", {
        limit: limits.page.most,
        ...(cursor !== undefined && { cursor }),
      });
      await this.#replace(page.items.filter(({ id }) => !listed.has(id)));
      const isKnownFromHere = page.items.some(({ id, pts }) => listed.get(id) === pts);
      for (const { id, pts } of page.items) listed.set(id, pts);
      cursor = isKnownFromHere ? null : page.nextCursor;
    }
    return pages === 1;
  }

  /** Takes in conversations that were read afresh, with their newest messages where they are shown. */
  async #replace(conversations: readonly Conversation[]): Promise<void> {
    const { api, chat, isOpen } = this.#options;
    const pages = new Map<ConversationId, HistoryPage>();
    for (const { id } of conversations.filter(({ id }) => isOpen(id))) {
      const { items, nextCursor } = await api.call("listMessages", { conversationId: id, threads: "include" });
      pages.set(id, { items, isOldest: nextCursor === null });
    }
    chat.update((state) => {
      const all = new Map(state.conversations);
      for (const conversation of conversations) {
        const { id } = conversation;
        const old = all.get(id);
        const fresh = replaceConversation(old, conversation, pages.get(id));
        const isFirst = state.epoch === undefined || old === undefined;
        all.set(id, isFirst ? fresh : withSettings(fresh, old.conversation.me.settings));
      }
      return { ...state, conversations: all };
    });
  }

  async #catchUp(wanted: "all" | ReadonlySet<ConversationId>): Promise<void> {
    const { chat } = this.#options;
    const known = chat.get().conversations;
    const ids = wanted === "all" ? [...known.keys()] : [...wanted].filter((id) => known.has(id));
    const most = limits.sync.conversations;
    for (let from = 0; from === 0 || from < ids.length; from += most) {
      const answer = await this.#ask(ids.slice(from, from + most));
      if (answer.reset !== undefined) {
        chat.update((state) => ({ ...state, epoch: undefined, userPts: 0 }));
        this.#wanted = "all";
        return;
      }
    }
    for (const id of ids) await this.#count(id);
  }

  async #ask(ids: readonly ConversationId[]): Promise<SyncAnswer> {
    const { api, chat } = this.#options;
    const { epoch, userPts, conversations } = chat.get();
    const known: Record<string, number> = {};
    const receipts: Record<string, number> = {};
    for (const id of ids) {
      const state = conversations.get(id);
      known[id] = state?.conversation.pts ?? 0;
      if (state?.receiptsVersion !== undefined) receipts[id] = state.receiptsVersion;
    }
    const heard = new Map(this.#heard);
    const answer = await api.call("sync", {
      ...(epoch !== undefined && { epoch }),
      ...{ userPts, conversations: known, receipts },
    });
    if (answer.reset !== undefined) return answer;
    const strangers = this.#applyInbox(answer);
    this.#dropInvisible(ids, answer);
    for (const id of strangers) await this.#reload(id);
    for (const synced of answer.conversations) {
      this.#applyReceipts(synced, receipts[synced.id]);
      await this.#applySynced(synced, heard.get(synced.id));
    }
    return answer;
  }

  /** @returns the conversations of which entries of an unknown kind tell */
  #applyInbox(answer: SyncAnswer): ReadonlySet<ConversationId> {
    const strangers = new Set<ConversationId>();
    this.#options.chat.update((state) => {
      let next = state;
      for (const entry of answer.user) next = applyInboxEntry(next, entry);
      const done = answer.more === undefined && next.userPts < answer.userPts;
      return done ? { ...next, userPts: answer.userPts } : next;
    });
    if (answer.more) this.request();
    // What an entry tells of its conversation may be long past.
    for (const entry of answer.user) {
      if (entry.event === "NewConversationCreated" || entry.event === "AddedToConversation")
        this.request(entry.payload.conversation.id);
      if (entry.event === "Unknown" && entry.payload.conversationId !== undefined)
        strangers.add(entry.payload.conversationId);
    }
    return strangers;
  }

  #dropInvisible(asked: readonly ConversationId[], answer: SyncAnswer): void {
    const visible = new Set(answer.conversations.map(({ id }) => id));
    this.#options.chat.update((state) => {
      const gone = asked.filter((id) => !visible.has(id) && (state.addedAt.get(id) ?? 0) <= answer.userPts);
      return removeConversations(state, gone);
    });
    for (const id of asked) if (!visible.has(id)) this.#heard.delete(id);
  }

  /** @param asked the version that the question named: what is known of a later reading stays */
  #applyReceipts({ id, receipts = [], receiptsVersion, reset }: SyncedConversation, asked: number | undefined): void {
    if (asked === undefined || reset !== undefined) return;
    this.#options.chat.update((state) =>
      updateConversation(state, id, (known) => {
        const raised = raiseReceipts(known, receipts, state.ownId, blocksOf(state));
        return raised.receiptsVersion === asked && asked !== receiptsVersion ? { ...raised, receiptsVersion } : raised;
      }),
    );
  }

  /** @param heard of the conversation when the question was asked: the answer knows better */
  async #applySynced(synced: SyncedConversation, heard: number | undefined): Promise<void> {
    const { id, pts, changes = [], more, reset } = synced;
    const { chat } = this.#options;
    chat.update((state) =>
      updateConversation(state, id, (conversation) =>
        changes.reduce((next, change) => applyChange(next, change, state.ownId, blocksOf(state)), conversation),
      ),
    );
    const reached = chat.get().conversations.get(id)?.conversation.pts ?? pts;
    // Changes that do not lead to the head, or are of a kind unknown here, are none to build on.
    const isUnknown = changes.some(({ event }) => event === "Unknown");
    if (isUnknown) await this.#reload(id);
    else if (more) this.request(id);
    else if (reset !== undefined || reached < pts) await this.#reload(id);
    else if (this.#heard.get(id) === heard) this.#heard.set(id, reached);
  }

  /**
   * Asks how many messages are unread where those held here do not tell. An answer that is level with what is known
   * does; else everything is read afresh.
   */
  async #count(id: ConversationId): Promise<void> {
    const { api, chat } = this.#options;
    if (chat.get().conversations.get(id)?.isUnreadKnown !== false) return;
    const { conversation } = await api.call("getConversation", { conversationId: id });
    const known = chat.get().conversations.get(id);
    if (known === undefined) return;
    const { me } = conversation;
    const isLevel = known.conversation.pts === conversation.pts && known.conversation.me.readSeq <= me.readSeq;
    if (isLevel)
      chat.update((state) =>
        updateConversation(state, id, (now) => ({
          ...now,
          isUnreadKnown: true,
          conversation: { ...now.conversation, me: { ...me, settings: now.conversation.me.settings } },
        })),
      );
    else await this.#reload(id);
  }

  async #reload(id: ConversationId): Promise<void> {
    try {
      const { conversation } = await this.#options.api.call("getConversation", { conversationId: id });
      await this.#replace([conversation]);
      this.request(id);
    } catch (error) {
      if (!(error instanceof HubbubError) || error.code !== "NOT_FOUND") throw error;
      this.#options.chat.update((state) => removeConversations(state, [id]));
    }
  }
}

function isSessionEnd(error: unknown): boolean {
  return error instanceof HubbubError && (error.code === "UNAUTHENTICATED" || error.code === "TOKEN_REUSED");
}
