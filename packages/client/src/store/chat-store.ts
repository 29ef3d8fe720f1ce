import {
  type Conversation,
  type ConversationId,
  limits,
  type OperationRequest,
  type Receipt,
  type User,
  type UserId,
} from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";
import { retryDelay as jitteredDelay } from "../connection/backoff.ts";
import type { ChatConnection, ConnectionState } from "../connection/chat-connection.ts";
import { MediaCalls } from "../media/media-calls.ts";
import type { ChatStorage } from "../storage/chat-storage.ts";
import { ForgivingStorage } from "../storage/forgiving-storage.ts";
import { type Locks, windowLocks } from "../storage/locks.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { AsideReader } from "./aside-reader.ts";
import { CacheWriter, fromStored } from "./cache-writer.ts";
import {
  addConversation,
  applyInboxEntry,
  applyPush,
  blocksOf,
  type ChatState,
  type Conversations,
  emptyChat,
  type Invitations,
  type PushedInboxEntry,
  removeConversations,
  updateConversation,
  updatePeer,
} from "./chat-state.ts";
import type { ConversationState, PushedChange } from "./conversation-state.ts";
import { HistoryReader } from "./history-reader.ts";
import { MarkSender } from "./mark-sender.ts";
import { raiseOwnMarks, raiseReceipts } from "./marks.ts";
import { MessageCalls } from "./message-calls.ts";
import { Outbox } from "./outbox.ts";
import { PeopleCalls } from "./people-calls.ts";
import type { PeopleState } from "./people-state.ts";
import { Presence, type Statuses, type Typists } from "./presence.ts";
import { readMembers } from "./read-members.ts";
import { StateCell } from "./state-cell.ts";
import { Synchroniser, type SyncStatus } from "./synchroniser.ts";
import { UserDirectory, type Users } from "./user-directory.ts";

export interface ChatSnapshot {
  readonly ownId: UserId;
  readonly sync: SyncStatus;
  readonly connection: ConnectionState;
  readonly conversations: Conversations;
  readonly invitations: Invitations;
  readonly users: Users;
  /** Friends, blocks and settings; undefined until they are loaded. */
  readonly people: PeopleState | undefined;
  /** False when storage failed: what is not sent is lost with this window [K7]. */
  readonly isKept: boolean;
  /** Of those who are watched, or members of what is viewed. */
  readonly presence: Statuses;
  readonly typists: Typists;
}

export interface ChatStoreOptions {
  readonly api: Pick<HubbubApi, "call">;
  readonly connection: Pick<
    ChatConnection,
    "call" | "on" | "onNumbered" | "onState" | "start" | "state" | "stop" | "tell"
  >;
  /** What this device keeps of the account; by default nothing. Rejects where nothing can be kept. */
  readonly openStorage?: () => Promise<ChatStorage>;
  readonly locks?: Locks;
  /** Whose chat it is. */
  readonly user: User;
  /** Milliseconds that a gap between pushes may last before it is asked for [L19]. */
  readonly gapDelay?: number;
  /** The least time between two marks of a conversation, milliseconds. */
  readonly markPause?: number;
  /** Changes that come within this are kept together, milliseconds. */
  readonly saveDelay?: number;
  /** How long to wait after that many failures in a row, milliseconds. */
  readonly retryDelay?: (failures: number) => number;
}

/**
 * One person's chat, live: what the server holds, kept equal to it over losses and reconnects, and what was written
 * here. Framework free: `subscribe` and `getSnapshot`; parts of a snapshot that did not change stay the same objects.
 */
export class ChatStore {
  /** Friends, blocks and settings: what the person does about them. */
  readonly people: PeopleCalls;
  /** What the person writes, and does with what is written. */
  readonly messages: MessageCalls;
  /** What was written before. */
  readonly history: HistoryReader;
  /** What is shown beside that. */
  readonly aside: AsideReader;
  /** Files: uploading them, and where they can be loaded from. */
  readonly media: MediaCalls;
  readonly #api: Pick<HubbubApi, "call">;
  readonly #connection: ChatStoreOptions["connection"];
  readonly #chat: StateCell<ChatState>;
  readonly #sync = new StateCell<SyncStatus>({ status: "loading" });
  readonly #users: UserDirectory;
  readonly #outbox: Outbox;
  readonly #synchroniser: Synchroniser;
  readonly #marks: MarkSender;
  readonly #storage: ForgivingStorage;
  readonly #cache: CacheWriter;
  readonly #isKept = new StateCell(true);
  readonly #presence: Presence;
  readonly #ends: (() => void)[] = [];
  #hasStopped = false;
  #noticed: Conversations = new Map();
  #noticedPeople: PeopleState | undefined;
  #snapshot: ChatSnapshot | undefined;

  constructor(options: ChatStoreOptions) {
    const { api, connection, user, gapDelay = 500, markPause = 1_000, retryDelay = jitteredDelay } = options;
    this.#api = api;
    this.#connection = connection;
    this.media = new MediaCalls(api);
    this.#chat = new StateCell(emptyChat(user.id));
    this.#users = new UserDirectory(api);
    this.#users.learn([user]);
    const chat = this.#chat;
    this.history = new HistoryReader(api, chat, this.#users);
    this.aside = new AsideReader(api, chat, this.#users);
    const isOpen = (id: ConversationId): boolean => this.history.isOpen(id);
    this.#synchroniser = new Synchroniser({ api, chat, status: this.#sync, isOpen, gapDelay, retryDelay });
    const heard = (id: ConversationId, pts: number): void => this.#synchroniser.heard(id, pts);
    this.people = new PeopleCalls(api, () => this.#synchroniser.request());
    const { openStorage = () => Promise.resolve(new MemoryStorage()), locks = windowLocks, saveDelay = 250 } = options;
    const storage = new ForgivingStorage(openStorage, () => this.#isKept.update(() => false));
    this.#storage = storage;
    this.#cache = new CacheWriter({
      ownId: user.id,
      gatherFor: saveDelay,
      storage,
      locks,
      chat,
      users: this.#users.users,
      unsentReadSeq: (id) => this.#marks.unsent(id),
    });
    this.#outbox = new Outbox({ storage, locks, connection, chat, heard, retryDelay });
    this.messages = new MessageCalls(api, this.#outbox, heard);
    const stored = (id: ConversationId, receipt: Receipt): void =>
      this.#chat.update((state) =>
        updateConversation(state, id, (known) => raiseReceipts(known, [receipt], state.ownId, blocksOf(state))),
      );
    this.#marks = new MarkSender({ connection, stored, pause: markPause, retryDelay });
    this.#presence = new Presence({ connection, heard });
  }

  /** Shows what was kept, then connects, asks for what was missed and listens, until `stop`. */
  start(): void {
    void this.#start();
  }

  async #start(): Promise<void> {
    const { load, outbox } = await this.#read();
    if (this.#hasStopped) return;
    if (load !== undefined) {
      const { epoch, inbox, conversations, users } = load;
      const known = conversations.map((stored) => [stored.conversation.id, fromStored(stored)] as const);
      this.#chat.update((state) => ({ ...state, ...inbox, epoch, conversations: new Map(known) }));
      this.#users.recall(users);
      this.#sync.update(() => ({ status: "ready" }));
    }
    this.#outbox.restore(outbox);
    for (const { conversation, unsentReadSeq } of load?.conversations ?? [])
      if (unsentReadSeq !== undefined) this.#marks.read(conversation.id, unsentReadSeq);
    this.#cache.start();
    this.#listen();
    this.#listenToInbox();
    this.#notice(this.#chat.get().conversations);
    this.#connection.start();
    this.#synchroniser.requestAll();
  }

  async #read() {
    const [load, outbox] = await Promise.all([this.#storage.load(), this.#storage.listOutbox()]);
    return { load, outbox };
  }

  /** Forgets what this device keeps: the chat, and on leaving also what waits to be sent. Called after `stop`. */
  async forget(what: "chat" | "everything"): Promise<void> {
    await (what === "everything" ? this.#storage.clear() : this.#storage.clearChat());
  }

  /** Tries at once, when waiting for the next try. */
  reconnect(): void {
    this.#connection.start();
  }

  /** Asks at once for what was missed, instead of at the next try. */
  refresh(): void {
    this.#connection.start();
    this.#synchroniser.requestAll();
  }

  /** Settles when what was missed before the start has come; what comes afterwards is news. */
  caughtUp(): Promise<void> {
    return this.#synchroniser.caughtUp();
  }

  async stop(): Promise<void> {
    this.#hasStopped = true;
    this.#cache.stop();
    for (const end of this.#ends.splice(0)) end();
    this.#synchroniser.stop();
    this.#outbox.stop();
    this.#marks.stop();
    this.#users.stop();
    await this.#connection.stop();
  }

  /** Hears that the snapshot changed. @returns the way to stop hearing */
  readonly subscribe = (listener: () => void): (() => void) => {
    const heard = (): void => {
      this.#snapshot = undefined;
      listener();
    };
    const ends = [
      this.#chat.subscribe(heard),
      this.#sync.subscribe(heard),
      this.#users.users.subscribe(heard),
      this.#isKept.subscribe(heard),
      this.#presence.statuses.subscribe(heard),
      this.#presence.typists.subscribe(heard),
      this.#connection.onState(heard),
    ];
    return () => {
      for (const end of ends) end();
    };
  };

  readonly getSnapshot = (): ChatSnapshot => {
    const { ownId, conversations, invitations, people } = this.#chat.get();
    const isKept = this.#isKept.get();
    const users = this.#users.users.get();
    const now = {
      ...{ ownId, conversations, invitations, people, users, isKept, sync: this.#sync.get() },
      ...{ presence: this.#presence.statuses.get(), typists: this.#presence.typists.get() },
    };
    const before = this.#snapshot;
    const connection = this.#connection.state;
    if (
      before?.conversations === now.conversations &&
      before.invitations === now.invitations &&
      before.people === now.people &&
      before.sync === now.sync &&
      before.isKept === isKept &&
      before.users === now.users &&
      before.presence === now.presence &&
      before.typists === now.typists &&
      before.connection === connection
    )
      return before;
    this.#snapshot = { ...now, connection };
    return this.#snapshot;
  };

  /** Everything up to a seq was read here: shown at once, and on one's other devices as soon as it is stored [L22]. */
  markRead(id: ConversationId, seq: number): void {
    const { conversations, ownId } = this.#chat.get();
    const conversation = conversations.get(id)?.conversation;
    if (conversation === undefined || seq <= conversation.me.readSeq) return;
    const readSeq = Math.min(seq, conversation.seq);
    this.#chat.update((state) =>
      updateConversation(state, id, (known) =>
        raiseOwnMarks(known, { readSeq, deliveredSeq: readSeq }, ownId, blocksOf(state)),
      ),
    );
    this.#marks.read(id, seq);
  }

  /** Makes people's names known before long. */
  want(ids: Iterable<UserId>): void {
    this.#users.want(ids);
  }

  /** Takes in what was learned of someone elsewhere. */
  learnUser(user: User): void {
    this.#users.learn([user]);
  }

  /** Keeps people's presence known while it is shown. @returns the way to tell that it no longer is */
  watch(ids: readonly UserId[]): () => void {
    return this.#presence.watch(ids);
  }

  /** Hears who types, and members' presence, while a conversation is shown. @returns the way to tell that it no longer is */
  view(id: ConversationId): () => void {
    return this.#presence.view(id);
  }

  /** Tells who views the conversation that one types there, or no longer does. */
  type(id: ConversationId, isTyping: boolean): void {
    this.#presence.type(id, isTyping);
  }

  /** Reads all members, who from then on are kept up to date. @throws HubbubError */
  async loadMembers(id: ConversationId): Promise<void> {
    const membersPts = (): number | undefined => this.#chat.get().conversations.get(id)?.membersPts;
    for (;;) {
      const before = membersPts();
      const members = await readMembers(this.#api, id);
      if (membersPts() !== before) continue;
      this.#chat.update((state) => updateConversation(state, id, (known) => ({ ...known, members })));
      return;
    }
  }

  /** Reads all members' marks, which from then on are kept up to date. @throws HubbubError */
  async loadReceipts(id: ConversationId): Promise<void> {
    const update = (change: (known: ConversationState) => ConversationState): void =>
      this.#chat.update((state) => updateConversation(state, id, change));
    const now = (): ConversationState | undefined => this.#chat.get().conversations.get(id);
    const known = now();
    if (known === undefined || known.receiptsVersion !== undefined) return;
    // marks that rise meanwhile are gathered
    update((state) => (state.receipts === undefined ? { ...state, receipts: new Map() } : state));
    const { items, receiptsVersion } = await this.#api.call("listReceipts", { conversationId: id });
    const { ownId } = this.#chat.get();
    // who came or left meanwhile made them void
    update((state) =>
      state.receipts === undefined ? state : { ...raiseReceipts(state, items, ownId), receiptsVersion },
    );
  }

  /** @throws HubbubError */
  async createConversation(input: OperationRequest<"createConversation">): Promise<Conversation> {
    const { conversation } = await this.#api.call("createConversation", input);
    this.enter(conversation);
    return conversation;
  }

  /** Takes over a conversation that one has just become a member of, before the inbox tells of it. */
  enter(conversation: Conversation): void {
    this.#chat.update((state) => addConversation(state, conversation));
    this.#synchroniser.heard(conversation.id, conversation.pts);
  }

  /** @throws HubbubError */
  async updateConversation(input: OperationRequest<"updateConversation">): Promise<void> {
    const { conversation } = await this.#api.call("updateConversation", input);
    this.#synchroniser.heard(conversation.id, conversation.pts);
  }

  /** @throws HubbubError */
  async addMembers(conversationId: ConversationId, userIds: readonly UserId[]): Promise<void> {
    await this.#api.call("addMembers", { conversationId, userIds: [...userIds] });
  }

  /** @throws HubbubError */
  async removeMember(conversationId: ConversationId, userId: UserId): Promise<void> {
    await this.#api.call("removeMember", { conversationId, userId });
    if (userId === this.#chat.get().ownId) this.#chat.update((state) => removeConversations(state, [conversationId]));
  }

  #listen(): void {
    const connection = this.#connection;
    this.#ends.push(
      this.#presence.listen(),
      connection.onState(({ status }) => {
        if (status !== "online") return;
        this.#synchroniser.requestAll();
        this.#outbox.resume();
        this.#marks.resume();
      }),
      ...(["ReceiveMessage", "MessageEdited", "MessageDeleted", "MessagePinned", "MessageUnpinned"] as const).map(
        (event) =>
          connection.on(event, (payload) => this.#push(payload.conversationId, { event, pts: payload.pts, payload })),
      ),
      connection.on("ReactionAdded", (payload) =>
        this.#push(payload.conversationId, { event: "ReactionAdded", pts: payload.pts, payload }),
      ),
      connection.on("ReactionRemoved", (payload) =>
        this.#push(payload.conversationId, { event: "ReactionRemoved", pts: payload.pts, payload }),
      ),
      connection.on("MemberAdded", (payload) =>
        this.#push(payload.conversationId, { event: "MemberAdded", pts: payload.pts, payload }),
      ),
      connection.on("MemberRemoved", (payload) =>
        this.#push(payload.conversationId, { event: "MemberRemoved", pts: payload.pts, payload }),
      ),
      connection.on("MemberRoleChanged", (payload) =>
        this.#push(payload.conversationId, { event: "MemberRoleChanged", pts: payload.pts, payload }),
      ),
      connection.on("ConversationDeleted", ({ conversationId }) =>
        this.#chat.update((state) => removeConversations(state, [conversationId])),
      ),
      connection.on("ConversationUpdated", (payload) =>
        this.#push(payload.conversationId, { event: "ConversationUpdated", pts: payload.pts, payload }),
      ),
      connection.on("HistoryTrimmed", (payload) =>
        this.#push(payload.conversationId, { event: "HistoryTrimmed", pts: payload.pts, payload }),
      ),
      connection.on("ConversationChanged", ({ conversationId, pts }) =>
        this.#synchroniser.heard(conversationId, pts, 0),
      ),
      connection.on("ConversationHead", ({ conversationId, pts }) => this.#synchroniser.heard(conversationId, pts, 0)),
      connection.onNumbered((event) => {
        if ("userPts" in event) this.#synchroniser.heardInbox(event.userPts);
        else this.#synchroniser.heard(event.conversationId, event.pts);
      }),
      connection.on("UserUpdated", (user) => {
        this.#users.learn([user]);
        this.#chat.update((state) => updatePeer(state, user));
      }),
      connection.on("MessageStatusUpdated", ({ conversationId, receiptsVersion: _, ...receipt }) =>
        this.#chat.update((state) =>
          updateConversation(state, conversationId, (known) =>
            raiseReceipts(known, [receipt], state.ownId, blocksOf(state)),
          ),
        ),
      ),
      connection.on("MediaStateChanged", (told) => this.media.heard(told)),
      connection.on("SyncRequired", () => this.#synchroniser.requestAll()),
      this.#chat.subscribe(({ conversations, people }) => {
        this.#notice(conversations);
        if (people === this.#noticedPeople) return;
        this.#noticedPeople = people;
        this.#users.want([...(people?.friends.keys() ?? []), ...(people?.blocks ?? [])]);
      }),
    );
  }

  #listenToInbox(): void {
    const connection = this.#connection;
    this.#ends.push(
      connection.on("NewConversationCreated", (payload) =>
        this.#pushInbox({ event: "NewConversationCreated", userPts: payload.userPts, payload }),
      ),
      connection.on("AddedToConversation", (payload) =>
        this.#pushInbox({ event: "AddedToConversation", userPts: payload.userPts, payload }),
      ),
      connection.on("RemovedFromConversation", (payload) =>
        this.#pushInbox({ event: "RemovedFromConversation", userPts: payload.userPts, payload }),
      ),
      connection.on("InvitationReceived", (payload) =>
        this.#pushInbox({ event: "InvitationReceived", userPts: payload.userPts, payload }),
      ),
      connection.on("InvitationUpdated", (payload) =>
        this.#pushInbox({ event: "InvitationUpdated", userPts: payload.userPts, payload }),
      ),
      connection.on("ReadMarkUpdated", (payload) =>
        this.#pushInbox({ event: "ReadMarkUpdated", userPts: payload.userPts, payload }),
      ),
      connection.on("FriendRequestReceived", (payload) =>
        this.#pushInbox({ event: "FriendRequestReceived", userPts: payload.userPts, payload }),
      ),
      connection.on("FriendRequestUpdated", (payload) =>
        this.#pushInbox({ event: "FriendRequestUpdated", userPts: payload.userPts, payload }),
      ),
      connection.on("SettingsUpdated", (payload) =>
        this.#pushInbox({ event: "SettingsUpdated", userPts: payload.userPts, payload }),
      ),
    );
  }

  #push(id: ConversationId, change: PushedChange): void {
    this.#chat.update((state) => applyPush(state, id, change));
    this.#synchroniser.heard(id, change.pts);
  }

  #pushInbox(entry: PushedInboxEntry): void {
    this.#chat.update((state) => applyInboxEntry(state, entry));
    this.#synchroniser.heardInbox(entry.userPts);
    // Changes between the entry and the connection's subscription to the conversation were pushed to nobody here.
    if (entry.event === "NewConversationCreated" || entry.event === "AddedToConversation")
      this.#synchroniser.request(entry.payload.conversation.id);
  }

  /** What has to be told to the server of what changed here. */
  #noticeMarks({ conversation, isUnreadKnown }: ConversationState): void {
    const { id, me, seq, memberCount } = conversation;
    if (!isUnreadKnown) this.#synchroniser.request(id);
    // in larger ones nobody hears of it [L22]
    if (seq > me.deliveredSeq && memberCount <= limits.receiptsMembers) this.#marks.delivered(id, seq);
  }

  /** Learns who came with what changed, and asks for the names of the others. */
  #notice(conversations: Conversations): void {
    const before = this.#noticed;
    this.#noticed = conversations;
    this.#outbox.place();
    for (const [id, state] of conversations) {
      const old = before.get(id);
      if (old === state) continue;
      this.#noticeMarks(state);
      const { peer, lastMessage } = state.conversation;
      if (peer !== undefined) this.#users.learn([peer]);
      if (lastMessage !== undefined) this.#users.want([lastMessage.senderId]);
      if (state.members !== undefined && state.members !== old?.members) this.#users.want(state.members.keys());
      const seen = old?.messages.at(-1)?.seq ?? 0;
      for (let i = state.messages.length - 1; i >= 0; i--) {
        const message = state.messages[i];
        if (message === undefined || message.seq <= seen) break;
        this.#users.want([message.senderId]);
      }
    }
  }
}
