import {
  type Change,
  type ChatEventName,
  type ChatEvents,
  type ConversationId,
  type ConversationSettings,
  conversation as conversationSchema,
  defaultSettings,
  type HubOperationName,
  type HubOutput,
  type InboxEntry,
  type Invitation,
  type InvitationId,
  type Message,
  type NumberedEvent,
  newConversationId,
  newInvitationId,
  newMessageId,
  type OperationName,
  type OperationOutput,
  type OperationRequest,
  operations,
  type Receipt,
  type SyncedConversation,
  type UserId,
} from "@hubbub/contract";
import type { ConnectionState } from "../connection/chat-connection.ts";
import { HubbubError } from "../hubbub-error.ts";
import { Listeners } from "../listeners.ts";
import { eventListeners } from "./event-listeners.ts";
import { asItIsNow, type Room } from "./simulated-room.ts";

const createdAt = "2026-01-01T00:00:00.000Z";

export interface Faults {
  /** From 0 to below 1, seeded. */
  readonly random: () => number;
  /** Share of calls that fail, half of them after they took effect; and of pushes lost, repeated or late. */
  share: number;
}

type Handlers = {
  readonly [Name in OperationName]?: (input: OperationRequest<Name>) => OperationOutput<Name>;
};

type AmendmentName =
  | "MessageEdited"
  | "MessageDeleted"
  | "MessagePinned"
  | "MessageUnpinned"
  | "ReactionAdded"
  | "ReactionRemoved";
type Amendment = {
  [Name in AmendmentName]: { readonly event: Name; readonly payload: ChatEvents[Name] };
}[AmendmentName];

/** One person's view of a server, in memory, behind a network that loses, repeats and reorders: for tests only. */
export class SimulatedServer {
  readonly rooms = new Map<ConversationId, Room>();
  readonly inbox: InboxEntry[] = [];
  /** The person's own that wait for an answer. */
  readonly invitations = new Map<InvitationId, Invitation>();
  readonly #stored = new Map<string, Message>();
  readonly #faults: Faults;
  #clock = 0;
  readonly #ownId: UserId;
  readonly #numbered = new Listeners<NumberedEvent>();
  readonly #states = new Listeners<ConnectionState>();
  readonly #handlers = eventListeners();
  /** Refuses to store messages for good. */
  refuses = false;
  epoch = "first";
  /** The calls made so far. */
  readonly log: string[] = [];
  #underWay = 0;
  state: ConnectionState = { status: "stopped" };

  constructor(ownId: UserId, faults: Faults) {
    this.#ownId = ownId;
    this.#faults = faults;
  }

  // What a client's connection and API are.
  readonly onState = (listener: (state: ConnectionState) => void): (() => void) => this.#states.add(listener);

  on<Name extends ChatEventName>(name: Name, listener: (payload: ChatEvents[Name]) => void): () => void {
    return this.#handlers[name].add(listener);
  }

  readonly onNumbered = (listener: (event: NumberedEvent) => void): (() => void) => this.#numbered.add(listener);

  start(): void {
    if (this.state.status !== "online") this.setState({ status: "online" });
  }

  async stop(): Promise<void> {
    await Promise.resolve();
    this.setState({ status: "stopped" });
  }

  setState(state: ConnectionState): void {
    this.state = state;
    this.#states.emit(state);
  }

  readonly api = {
    call: <Name extends OperationName>(name: Name, input: OperationRequest<Name>): Promise<OperationOutput<Name>> => {
      const handler = this.#operations[name];
      if (handler === undefined) throw new TypeError(`not simulated: ${name}`);
      return this.#overNetwork(name, () => handler(input));
    },
  };

  readonly #hubMethods = {
    sendMessage: (input: OperationRequest<"sendMessage">): HubOutput<"sendMessage"> => {
      const { conversationId, clientMessageId, text } = operations.sendMessage.input.parse(input);
      if (this.refuses) throw new HubbubError({ code: "FORBIDDEN", detail: "Not here.", retryable: false });
      const before = this.#stored.get(clientMessageId);
      const { id, seq, pts } = before ?? this.write(conversationId, this.#ownId, text, clientMessageId);
      return { messageId: id, seq, pts, createdAt, duplicate: before !== undefined };
    },
    sync: (input: OperationRequest<"sync">): HubOutput<"sync"> => this.#sync(input),
    markMessageAsRead: (input: OperationRequest<"markMessageAsRead">): HubOutput<"markMessageAsRead"> => {
      const { conversationId, seq } = operations.markMessageAsRead.input.parse(input);
      return this.mark(conversationId, this.#ownId, seq, seq);
    },
    markMessageAsDelivered: (
      input: OperationRequest<"markMessageAsDelivered">,
    ): HubOutput<"markMessageAsDelivered"> => {
      const { conversationId, seq } = operations.markMessageAsDelivered.input.parse(input);
      return this.mark(conversationId, this.#ownId, 0, seq);
    },
  };

  readonly hub = {
    call: <Name extends HubOperationName>(name: Name, input: OperationRequest<Name>): Promise<HubOutput<Name>> => {
      const methods: { readonly [N in HubOperationName]?: (input: OperationRequest<N>) => HubOutput<N> } =
        this.#hubMethods;
      const method = methods[name];
      if (method === undefined) throw new TypeError(`not simulated: ${name}`);
      return this.#overNetwork(name, () => {
        if (this.state.status !== "online") throw HubbubError.network(undefined);
        return method(input);
      });
    },
  };

  // What others do on the server.
  create(): ConversationId {
    const id = newConversationId();
    const conversation = conversationSchema.parse({
      ...{ id, type: "group", title: "Room", visibility: "private", posting: "everyone", historyVisibility: "all" },
      ...{ encrypted: false, memberCount: 2, seq: 0, pts: 0, createdAt },
      me: {
        role: "member",
        readSeq: 0,
        deliveredSeq: 0,
        visibleFromSeq: 1,
        unread: 0,
        unreadMentions: 0,
        settings: { pinned: false, archived: false },
      },
    });
    this.rooms.set(id, {
      conversation,
      messages: [],
      changes: [],
      receipts: new Map(),
      receiptsVersion: 0,
      activity: ++this.#clock,
    });
    const userPts = this.inbox.length + 1;
    const payload = { conversation, userPts };
    this.inbox.push({ event: "NewConversationCreated", userPts, createdAt, payload });
    this.#push("NewConversationCreated", payload);
    return id;
  }

  remove(conversationId: ConversationId, by: UserId): void {
    if (!this.rooms.delete(conversationId)) return;
    const userPts = this.inbox.length + 1;
    const payload = { conversationId, by, userPts };
    this.inbox.push({ event: "RemovedFromConversation", userPts, createdAt, payload });
    this.#push("RemovedFromConversation", payload);
  }

  /** Changes the title by an event that no client here knows, and of which the inbox may tell as well. */
  doUnknown(conversationId: ConversationId, title: string): void {
    const { conversation, changes, ...others } = this.#room(conversationId);
    const pts = conversation.pts + 1;
    this.rooms.set(conversationId, {
      ...others,
      conversation: { ...conversation, pts, title },
      changes: [...changes, { event: "Unknown", pts }],
    });
    this.#pushNumbered({ conversationId, pts });
  }

  tellUnknown(conversationId: ConversationId): void {
    const userPts = this.inbox.length + 1;
    this.inbox.push({ event: "Unknown", userPts, payload: { conversationId } });
    this.#pushNumbered({ userPts });
  }

  /** Someone invites the person, or an invitation is settled: by them on another device, or withdrawn. */
  invite(conversationId: ConversationId, invitedBy: UserId): void {
    const id = newInvitationId(conversationId);
    this.#tellInvitation("InvitationReceived", {
      ...{ id, conversationId, userId: this.#ownId, invitedBy, status: "pending", createdAt },
    });
  }

  settle(invitation: Invitation, status: Invitation["status"]): void {
    this.#tellInvitation("InvitationUpdated", { ...invitation, status });
  }

  #tellInvitation(event: "InvitationReceived" | "InvitationUpdated", invitation: Invitation): void {
    if (invitation.status === "pending") this.invitations.set(invitation.id, invitation);
    else this.invitations.delete(invitation.id);
    const userPts = this.inbox.length + 1;
    const payload = { invitation, userPts };
    this.inbox.push({ event, userPts, createdAt, payload });
    this.#push(event, payload);
  }

  rename(conversationId: ConversationId, title: string): void {
    const { conversation, changes, ...others } = this.#room(conversationId);
    const pts = conversation.pts + 1;
    const payload = { conversationId, title, pts };
    const change: Change = { event: "ConversationUpdated", pts, createdAt, payload };
    this.rooms.set(conversationId, {
      ...others,
      conversation: { ...conversation, pts, title },
      changes: [...changes, change],
    });
    this.#push("ConversationUpdated", payload);
  }

  write(
    conversationId: ConversationId,
    senderId: UserId,
    text: string,
    clientMessageId?: Message["clientMessageId"],
  ): Message {
    const { conversation, messages, changes, ...others } = this.#room(conversationId);
    const [seq, pts] = [conversation.seq + 1, conversation.pts + 1];
    const message: Message = {
      ...{ id: newMessageId(conversationId), conversationId, seq, pts, senderId, kind: "text", text, createdAt },
      ...(clientMessageId !== undefined && { clientMessageId }),
    };
    const isOwn = senderId === this.#ownId;
    const unread = isOwn ? 0 : Math.min(100, conversation.me.unread + 1);
    const marks = isOwn ? { readSeq: seq, deliveredSeq: seq } : {};
    const me = { ...conversation.me, ...marks, unread };
    this.rooms.set(conversationId, {
      ...others,
      conversation: { ...conversation, seq, pts, lastMessage: message, me },
      messages: [...messages, message],
      changes: [...changes, { event: "ReceiveMessage", pts, createdAt, payload: message }],
      activity: ++this.#clock,
    });
    if (clientMessageId !== undefined) this.#stored.set(clientMessageId, message);
    this.#push("ReceiveMessage", message);
    return message;
  }

  edit(conversationId: ConversationId, seq: number, text: string): void {
    const message = this.#message(conversationId, seq);
    if (message === undefined) return;
    const edited = { ...message, text, editedAt: createdAt };
    this.#amend(conversationId, edited, (payload) => ({ event: "MessageEdited", payload }));
  }

  delete(conversationId: ConversationId, seq: number): void {
    const message = this.#message(conversationId, seq);
    if (message === undefined) return;
    const { text: _, reactions: __, editedAt: ___, pinnedAt: ____, ...left } = message;
    const deleted = { ...left, deletedAt: createdAt };
    this.#amend(conversationId, deleted, (payload) => ({ event: "MessageDeleted", payload }));
  }

  /** Pins a message, or takes the pin away. */
  pin(conversationId: ConversationId, seq: number): void {
    const message = this.#message(conversationId, seq);
    if (message === undefined) return;
    const { pinnedAt, ...others } = message;
    if (pinnedAt !== undefined)
      this.#amend(conversationId, others, (payload) => ({ event: "MessageUnpinned", payload }));
    else
      this.#amend(conversationId, { ...others, pinnedAt: createdAt }, (payload) => ({
        event: "MessagePinned",
        payload,
      }));
  }

  /** Adds this person's reaction, or takes it back. */
  react(conversationId: ConversationId, seq: number, userId: UserId, emoji: string): void {
    const message = this.#message(conversationId, seq);
    if (message === undefined) return;
    const { reactions = [], ...others } = message;
    const before = reactions.find((reaction) => reaction.emoji === emoji)?.userIds ?? [];
    const hadReacted = before.includes(userId);
    const userIds = hadReacted ? before.filter((id) => id !== userId) : [...before, userId];
    const now = { emoji, count: userIds.length, userIds };
    const all =
      before.length === 0 ? [...reactions, now] : reactions.map((each) => (each.emoji === emoji ? now : each));
    const left = all.filter(({ count }) => count > 0);
    const amended = { ...others, ...(left.length > 0 && { reactions: left }) };
    this.#amend(conversationId, amended, ({ id: messageId, pts }) => ({
      event: hadReacted ? "ReactionRemoved" : "ReactionAdded",
      payload: { conversationId, messageId, seq, userId, pts, ...now },
    }));
  }

  /** What one person's devices do on the server, perhaps another than this one. */
  mark(conversationId: ConversationId, userId: UserId, readSeq: number, deliveredSeq: number): Receipt {
    const room = this.#room(conversationId);
    const { conversation, messages, receipts } = room;
    const { me, seq: head } = conversation;
    const version = room.receiptsVersion + 1;
    const before = this.#receiptsOf(room).find((receipt) => receipt.userId === userId);
    const read = Math.max(before?.readSeq ?? 0, Math.min(readSeq, head));
    const now = {
      userId,
      readSeq: read,
      deliveredSeq: Math.max(before?.deliveredSeq ?? 0, read, Math.min(deliveredSeq, head)),
    };
    if (now.readSeq === before?.readSeq && now.deliveredSeq === before.deliveredSeq) return now;
    const { readSeq: _, deliveredSeq: delivered } = now;
    const unread = Math.min(
      100,
      messages.filter(({ seq, senderId, deletedAt }) => seq > read && senderId !== userId && deletedAt === undefined)
        .length,
    );
    const isOwn = userId === this.#ownId;
    this.rooms.set(conversationId, {
      ...room,
      conversation: isOwn
        ? { ...conversation, me: { ...me, readSeq: read, deliveredSeq: delivered, unread } }
        : conversation,
      receipts: new Map(receipts).set(userId, { ...now, version }),
      receiptsVersion: version,
    });
    this.#push("MessageStatusUpdated", { conversationId, ...now, receiptsVersion: version });
    if (isOwn && read > me.readSeq) this.#tellReadMark(conversationId, read, delivered);
    return now;
  }

  /** One living entry a conversation [L16]. */
  #tellReadMark(conversationId: ConversationId, readSeq: number, deliveredSeq: number): void {
    const old = this.inbox.findIndex(
      (entry) => entry.event === "ReadMarkUpdated" && entry.payload.conversationId === conversationId,
    );
    if (old >= 0) this.inbox[old] = { event: "Hidden", userPts: old + 1 };
    const userPts = this.inbox.length + 1;
    const payload = { conversationId, readSeq, deliveredSeq, userPts };
    this.inbox.push({ event: "ReadMarkUpdated", userPts, createdAt, payload });
    this.#push("ReadMarkUpdated", payload);
  }

  /** The person chooses for a conversation, on another device. One living entry a conversation [L16]. */
  choose(conversationId: ConversationId, settings: ConversationSettings): void {
    const room = this.#room(conversationId);
    const { conversation } = room;
    this.rooms.set(conversationId, {
      ...room,
      conversation: { ...conversation, me: { ...conversation.me, settings } },
    });
    const old = this.inbox.findIndex(
      (entry) => entry.event === "SettingsUpdated" && entry.payload.conversation?.id === conversationId,
    );
    if (old >= 0) this.inbox[old] = { event: "Hidden", userPts: old + 1 };
    const userPts = this.inbox.length + 1;
    const payload = { settings: defaultSettings, conversation: { id: conversationId, settings }, userPts };
    this.inbox.push({ event: "SettingsUpdated", userPts, createdAt, payload });
    this.#push("SettingsUpdated", payload);
  }

  /** Marks as they were raised, and as sending raised them. */
  #receiptsOf({ messages, receipts }: Room): Receipt[] {
    const all = new Map<UserId, Receipt>();
    for (const { senderId: userId, seq } of messages) all.set(userId, { userId, readSeq: seq, deliveredSeq: seq });
    for (const { userId, readSeq, deliveredSeq } of receipts.values()) {
      const sent = all.get(userId);
      all.set(userId, {
        userId,
        readSeq: Math.max(readSeq, sent?.readSeq ?? 0),
        deliveredSeq: Math.max(deliveredSeq, sent?.deliveredSeq ?? 0),
      });
    }
    return [...all.values()];
  }

  /** What a fresh reader of the receipts is told. */
  receiptsIn(conversationId: ConversationId): Receipt[] {
    return this.#receiptsOf(this.#room(conversationId));
  }

  /** One that is not deleted. */
  #message(conversationId: ConversationId, seq: number): Message | undefined {
    const message = this.rooms.get(conversationId)?.messages[seq - 1];
    return message?.deletedAt === undefined ? message : undefined;
  }

  /** Pushed as itself, or as a change that somebody may not see [L10]. */
  #amend(conversationId: ConversationId, amended: Message, tell: (message: Message) => Amendment): void {
    const { conversation, messages, changes, ...others } = this.#room(conversationId);
    const pts = conversation.pts + 1;
    const message = { ...amended, pts };
    const all = messages.map((each) => (each.seq === message.seq ? message : each));
    const { readSeq } = conversation.me;
    const unread = all.filter(
      ({ seq, senderId, deletedAt }) => seq > readSeq && senderId !== this.#ownId && deletedAt === undefined,
    ).length;
    const change = tell(message);
    const isLast = conversation.lastMessage?.seq === message.seq;
    this.rooms.set(conversationId, {
      ...others,
      conversation: {
        ...{ ...conversation, pts, me: { ...conversation.me, unread } },
        ...(isLast && { lastMessage: message }),
      },
      messages: all,
      changes: [...changes, { ...change, pts, createdAt }],
    });
    if (this.#faults.random() < 0.2) this.#push("ConversationChanged", { conversationId, pts });
    else if (change.event === "ReactionAdded" || change.event === "ReactionRemoved")
      this.#push(change.event, change.payload);
    else this.#push(change.event, change.payload);
  }

  /** A backup is put back: everything since then is gone. */
  restore(rooms: ReadonlyMap<ConversationId, Room>): void {
    this.rooms.clear();
    for (const [id, room] of rooms) this.rooms.set(id, room);
    this.inbox.length = 0;
    this.epoch = "restored";
    this.#push("SyncRequired", { reason: "epoch" });
  }

  #room(id: ConversationId): Room {
    const room = this.rooms.get(id);
    if (room === undefined) throw new HubbubError({ code: "NOT_FOUND", detail: "Nothing here.", retryable: false });
    return room;
  }

  readonly #operations: Handlers = {
    sync: (input) => this.#sync(input),
    getOwnSettings: () => ({ settings: defaultSettings }),
    listFriends: () => ({ items: [], nextCursor: null }),
    listBlocks: () => ({ items: [], nextCursor: null }),
    getConversation: ({ conversationId }) => ({
      conversation: this.#room(asConversation(conversationId)).conversation,
    }),
    listConversations: ({ cursor = "Infinity" }) => {
      const older = [...this.rooms.values()]
        .filter(({ activity }) => activity < Number(cursor))
        .sort((a, b) => b.activity - a.activity);
      const page = older.slice(0, 2);
      const nextCursor = page.length < older.length ? String(page.at(-1)?.activity) : null;
      return { items: page.map(({ conversation }) => conversation), nextCursor };
    },
    listMessages: (input) => {
      const wanted = operations.listMessages.input.parse(input);
      const { conversationId, beforeSeq = Number.MAX_SAFE_INTEGER, afterSeq, aroundSeq } = wanted;
      const { messages } = this.#room(conversationId);
      if (aroundSeq !== undefined)
        return { items: messages.filter(({ seq }) => Math.abs(seq - aroundSeq) <= 2), nextCursor: null };
      if (afterSeq !== undefined) {
        const items = messages.filter(({ seq }) => seq > afterSeq && seq <= afterSeq + 3);
        return { items, nextCursor: afterSeq + 3 < messages.length ? String(afterSeq + 3) : null };
      }
      const older = messages.filter(({ seq }) => seq < beforeSeq);
      const items = older.slice(-5);
      return { items, nextCursor: items.length < older.length ? String(items[0]?.seq) : null };
    },
    listReceipts: (input) => {
      const room = this.#room(operations.listReceipts.input.parse(input).conversationId);
      return { items: this.#receiptsOf(room), receiptsVersion: room.receiptsVersion };
    },
    listInvitations: () => ({ items: [...this.invitations.values()], nextCursor: null }),
    listUsers: () => ({ items: [], nextCursor: null }),
  };

  #sync(input: OperationRequest<"sync">): OperationOutput<"sync"> {
    const { epoch, userPts = 0, conversations, receipts } = operations.sync.input.parse(input);
    const head = { epoch: this.epoch, userPts: this.inbox.length, user: [], conversations: [] };
    if (epoch === undefined) return head;
    if (epoch !== this.epoch) return { ...head, reset: "epoch" };
    const synced = Object.entries(conversations).flatMap(([key, known]): SyncedConversation[] => {
      const room = this.rooms.get(asConversation(key));
      if (room === undefined) return [];
      const { id, pts, seq } = room.conversation;
      const { receiptsVersion } = room;
      const knownVersion = receipts[id];
      const risen = [...room.receipts.values()]
        .filter(({ version }) => version > (knownVersion ?? 0))
        .map(({ version: _, ...receipt }) => receipt);
      const answer = { id, pts, seq, receiptsVersion, ...(knownVersion !== undefined && { receipts: risen }) };
      if (pts - known > 12) return [{ id, pts, seq, receiptsVersion, reset: "tooFar" }];
      const changes = room.changes.slice(known, known + 3).map((change) => asItIsNow(room, change));
      return [{ ...answer, changes, ...(known + 3 < pts && { more: true }) }];
    });
    const user = this.inbox.slice(userPts, userPts + 2);
    return {
      ...head,
      user,
      ...(userPts + 2 < this.inbox.length && { more: true as const }),
      conversations: synced,
    };
  }

  async #overNetwork<Answer>(name: string, act: () => Answer): Promise<Answer> {
    this.log.push(name);
    this.#underWay++;
    try {
      return await this.#deliver(act);
    } finally {
      this.#underWay--;
    }
  }

  /** Whether no call is under way. */
  get isQuiet(): boolean {
    return this.#underWay === 0;
  }

  async #deliver<Answer>(act: () => Answer): Promise<Answer> {
    const fate = this.#faults.random();
    await this.#latency();
    if (fate < this.#faults.share / 2) throw HubbubError.network(undefined);
    const answer = act();
    await this.#latency();
    if (fate < this.#faults.share) throw HubbubError.network(undefined);
    return structuredClone(answer);
  }

  #latency(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#faults.random() * 3));
  }

  #pushNumbered(event: NumberedEvent): void {
    if (this.state.status === "online" && this.#faults.random() >= this.#faults.share) this.#numbered.emit(event);
  }

  #push<Name extends ChatEventName>(name: Name, payload: ChatEvents[Name]): void {
    if (this.state.status !== "online") return;
    const { random, share } = this.#faults;
    const fate = random();
    const deliver = (): void => this.#handlers[name].emit(structuredClone(payload));
    if (fate < share / 3) return;
    if (fate < (share / 3) * 2) setTimeout(deliver, random() * 8);
    else deliver();
    if (fate > 1 - share / 3) setTimeout(deliver, random() * 8);
  }
}

function asConversation(id: string): ConversationId {
  return operations.getConversation.input.shape.conversationId.parse(id);
}
