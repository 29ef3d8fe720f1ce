import {
  type Attachment,
  type Change,
  type ChatEvents,
  type ConversationId,
  type ConversationSettings,
  defaultSettings,
  type HubOperationName,
  type HubOutput,
  type InboxEntry,
  type Invitation,
  type InvitationId,
  type MediaId,
  type Mention,
  type Message,
  newConversationId,
  newInvitationId,
  newMessageId,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type OperationRequest,
  operations,
  type Receipt,
  type SyncedConversation,
  type UserId,
} from "@hubbub/contract";
import { sampleConversation } from "@hubbub/contract/testing";
import { HubbubError } from "../hubbub-error.ts";
import { ownChanges } from "./simulated-changes.ts";
import { type Faults, SimulatedNetwork } from "./simulated-network.ts";
import { asItIsNow, type Room, threadAfter, unreadOf } from "./simulated-room.ts";

const createdAt = "2026-01-01T00:00:00.000Z";

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

type Written = Partial<
  Pick<OperationInput<"sendMessage">, "clientMessageId" | "threadRootId" | "mentions" | "mediaIds">
>;

/** What the server found an upload to be: the client need not know that yet. */
const pictureOf = (id: MediaId): Attachment => ({
  ...{ id, fileName: "picture.png", contentType: "image/png", size: 70, width: 2, height: 1 },
});

/** One person's view of a server, in memory, behind a network that loses, repeats and reorders: for tests only. */
export class SimulatedServer {
  readonly rooms = new Map<ConversationId, Room>();
  readonly inbox: InboxEntry[] = [];
  /** The person's own that wait for an answer. */
  readonly invitations = new Map<InvitationId, Invitation>();
  readonly #stored = new Map<string, Message>();
  readonly network: SimulatedNetwork;
  #clock = 0;
  readonly #ownId: UserId;
  readonly #members: ReadonlySet<Mention>;
  /** Refuses to store messages for good. */
  refuses = false;
  epoch = "first";

  /** @param others who are members wherever the person is */
  constructor(ownId: UserId, others: readonly UserId[], faults: Faults) {
    this.#ownId = ownId;
    this.#members = new Set([ownId, ...others]);
    this.network = new SimulatedNetwork(faults);
  }

  // What a client's connection and API are.
  start(): void {
    if (this.network.state.status !== "online") this.network.setState({ status: "online" });
  }

  readonly api = {
    call: <Name extends OperationName>(name: Name, input: OperationRequest<Name>): Promise<OperationOutput<Name>> => {
      const handler = this.#operations[name];
      if (handler === undefined) throw new TypeError(`not simulated: ${name}`);
      return this.network.call(name, () => handler(input));
    },
  };

  readonly #hubMethods = {
    sendMessage: (input: OperationRequest<"sendMessage">): HubOutput<"sendMessage"> => {
      const { conversationId, clientMessageId, text = "", ...others } = operations.sendMessage.input.parse(input);
      if (this.refuses) throw new HubbubError({ code: "FORBIDDEN", detail: "Not here.", retryable: false });
      const before = this.#stored.get(clientMessageId);
      const { id, seq, pts } = before ?? this.write(conversationId, this.#ownId, text, { clientMessageId, ...others });
      return { messageId: id, seq, pts, createdAt, duplicate: before !== undefined };
    },
    sync: (input: OperationRequest<"sync">): HubOutput<"sync"> => this.#sync(input),
    ...ownChanges(this, () => this.#ownId),
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
      return this.network.call(name, () => {
        if (this.network.state.status !== "online") throw HubbubError.network(undefined);
        return method(input);
      });
    },
  };

  // What others do on the server.
  create(): ConversationId {
    const id = newConversationId();
    const conversation = sampleConversation({ id, title: "Room", createdAt });
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
    this.network.push("NewConversationCreated", payload);
    return id;
  }

  remove(conversationId: ConversationId, by: UserId): void {
    if (!this.rooms.delete(conversationId)) return;
    const userPts = this.inbox.length + 1;
    const payload = { conversationId, by, userPts };
    this.inbox.push({ event: "RemovedFromConversation", userPts, createdAt, payload });
    this.network.push("RemovedFromConversation", payload);
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
    this.network.pushNumbered({ conversationId, pts });
  }

  tellUnknown(conversationId: ConversationId): void {
    const userPts = this.inbox.length + 1;
    this.inbox.push({ event: "Unknown", userPts, payload: { conversationId } });
    this.network.pushNumbered({ userPts });
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
    this.network.push(event, payload);
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
    this.network.push("ConversationUpdated", payload);
  }

  write(
    conversationId: ConversationId,
    senderId: UserId,
    text: string,
    { clientMessageId, threadRootId, mentions = [], mediaIds = [] }: Written = {},
  ): Message {
    const { conversation, messages, changes, ...others } = this.#room(conversationId);
    const [seq, pts] = [conversation.seq + 1, conversation.pts + 1];
    const called = mentions.filter((who) => this.#members.has(who));
    const message: Message = {
      ...{ id: newMessageId(conversationId), conversationId, seq, pts, senderId, createdAt },
      kind: mediaIds.length > 0 ? "image" : "text",
      ...(text !== "" && { text }),
      ...(mediaIds.length > 0 && { media: mediaIds.map(pictureOf) }),
      ...(clientMessageId !== undefined && { clientMessageId }),
      ...(threadRootId !== undefined && { threadRootId }),
      ...(called.length > 0 && { mentions: called }),
    };
    const all = [...messages, message].map((each) =>
      each.id === threadRootId ? { ...each, pts, thread: threadAfter(each, message) } : each,
    );
    const isOwn = senderId === this.#ownId;
    const before = all.find(({ id }) => id === conversation.lastMessage?.id);
    const lastMessage = threadRootId === undefined ? message : before;
    const marks = isOwn ? { readSeq: seq, deliveredSeq: seq } : {};
    const me = { ...conversation.me, ...marks };
    const counts = unreadOf(all, me.readSeq, this.#ownId);
    this.rooms.set(conversationId, {
      ...others,
      conversation: {
        ...conversation,
        seq,
        pts,
        me: { ...me, ...counts },
        ...(lastMessage !== undefined && { lastMessage }),
      },
      messages: all,
      changes: [...changes, { event: "ReceiveMessage", pts, createdAt, payload: message }],
      activity: ++this.#clock,
    });
    if (clientMessageId !== undefined) this.#stored.set(clientMessageId, message);
    this.network.push("ReceiveMessage", message);
    return message;
  }

  edit(conversationId: ConversationId, seq: number, text: string): void {
    const message = this.#message(conversationId, seq);
    if (message === undefined) return;
    const { text: _, ...others } = message;
    const edited = { ...others, ...(text !== "" && { text }), editedAt: createdAt };
    this.#amend(conversationId, edited, (payload) => ({ event: "MessageEdited", payload }));
  }

  delete(conversationId: ConversationId, seq: number): void {
    const message = this.#message(conversationId, seq);
    // a root's account of its thread after that is not simulated
    if (message === undefined || message.threadRootId !== undefined) return;
    const { text: _, media: __, reactions: ___, editedAt: ____, pinnedAt: _____, mentions: ______, ...left } = message;
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
    const counts = unreadOf(messages, read, userId);
    const isOwn = userId === this.#ownId;
    this.rooms.set(conversationId, {
      ...room,
      conversation: isOwn
        ? { ...conversation, me: { ...me, readSeq: read, deliveredSeq: delivered, ...counts } }
        : conversation,
      receipts: new Map(receipts).set(userId, { ...now, version }),
      receiptsVersion: version,
    });
    this.network.push("MessageStatusUpdated", { conversationId, ...now, receiptsVersion: version });
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
    this.network.push("ReadMarkUpdated", payload);
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
    this.network.push("SettingsUpdated", payload);
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
    const counts = unreadOf(all, readSeq, this.#ownId);
    const change = tell(message);
    const isLast = conversation.lastMessage?.seq === message.seq;
    this.rooms.set(conversationId, {
      ...others,
      conversation: {
        ...{ ...conversation, pts, me: { ...conversation.me, ...counts } },
        ...(isLast && { lastMessage: message }),
      },
      messages: all,
      changes: [...changes, { ...change, pts, createdAt }],
    });
    if (this.network.faults.random() < 0.2) this.network.push("ConversationChanged", { conversationId, pts });
    else if (change.event === "ReactionAdded" || change.event === "ReactionRemoved")
      this.network.push(change.event, change.payload);
    else this.network.push(change.event, change.payload);
  }

  /** A backup is put back: everything since then is gone. */
  restore(rooms: ReadonlyMap<ConversationId, Room>): void {
    this.rooms.clear();
    for (const [id, room] of rooms) this.rooms.set(id, room);
    this.inbox.length = 0;
    this.epoch = "restored";
    this.network.push("SyncRequired", { reason: "epoch" });
  }

  #room(id: ConversationId): Room {
    const room = this.rooms.get(id);
    return room ?? notFound();
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
    getMessage: (input) => {
      const { messageId } = operations.getMessage.input.parse(input);
      const all = [...this.rooms.values()].flatMap(({ messages }) => messages);
      return { message: all.find(({ id }) => id === messageId) ?? notFound() };
    },
    listMessages: (input) => {
      const wanted = operations.listMessages.input.parse(input);
      const { conversationId, threadRootId, beforeSeq = Number.MAX_SAFE_INTEGER, afterSeq, aroundSeq } = wanted;
      const all = this.#room(conversationId).messages;
      const messages = threadRootId === undefined ? all : all.filter((each) => each.threadRootId === threadRootId);
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
    listPins: (input) => {
      const { messages } = this.#room(operations.listPins.input.parse(input).conversationId);
      return { items: messages.filter(({ pinnedAt }) => pinnedAt !== undefined).reverse() };
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
}

function notFound(): never {
  throw new HubbubError({ code: "NOT_FOUND", detail: "Nothing here.", retryable: false });
}

function asConversation(id: string): ConversationId {
  return operations.getConversation.input.shape.conversationId.parse(id);
}
